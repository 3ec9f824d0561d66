import Base
import Ingest
import Testing

@Suite("Bounce rules")
struct BounceRulesTests {
  @Test("every code from 0.0.0 to 9.9.40 has the class of SEMANTICS.md")
  func everyCodeHasItsClass() {
    for severity in 0...9 {
      for subject in 0...9 {
        for detail in 0...40 {
          let code = "\(severity).\(subject).\(detail)"
          #expect(bounceClass(code) == documented(severity, subject, detail), "\(code)")
        }
      }
    }
  }

  @Test("details of three digits are read")
  func readsLongDetails() {
    #expect(bounceClass("5.7.509") == .block)
    #expect(bounceClass("5.1.100") == .unknown)
    #expect(bounceClass("4.7.650") == .soft)
    #expect(bounceClass("5.3.190") == .soft)
    #expect(bounceClass("5.100.1") == .unknown)
  }

  @Test("what is no code is unknown, and no code is unspecified")
  func tellsTextFromNothing() {
    #expect(bounceClass("") == .unspecified)
    let texts = [
      "550", "5", "5.1", "5.1.", ".1.1", "5..1", "5.1.1.1", "x.y.zzz", "5.1.x", "5.1.1 ", " 5.1.1",
      "55.1.1", "5.1.1000", "5.01.1", "5.1.01", "5,1,1", "-5.1.1", "550 5.1.1 user unknown", "...",
    ]
    for text in texts { #expect(bounceClass(text) == .unknown, "'\(text)'") }
  }

  /// The sentence of SEMANTICS.md, spelled out once more.
  private func documented(_ severity: Int, _ subject: Int, _ detail: Int) -> BounceClass {
    if severity == 4 { return .soft }
    guard severity == 5 else { return .unknown }
    let hard = [
      "1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "4.4", "7.13", "7.17", "7.18",
    ]
    let code = "\(subject).\(detail)"
    if hard.contains(code) { return .hard }
    if ["1.7", "1.8"].contains(code) || subject == 6 || subject == 7 { return .block }
    if ["2.2", "2.3"].contains(code) || [3, 4, 5].contains(subject) { return .soft }
    return .unknown
  }

  private func bounceClass(_ code: String) -> BounceClass {
    Array(code.utf8).withUnsafeBufferPointer { BounceRules.bounceClass(ofCode: ByteSlice($0)) }
  }
}
