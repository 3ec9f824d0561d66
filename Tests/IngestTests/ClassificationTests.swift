import Base
import Ingest
import TestSupport
import Testing

@Suite("User agent classification")
struct ClassificationTests {
  @Test("real user agents are who they are", arguments: ClassificationSamples.all)
  func knowsRealUserAgents(_ sample: ClassificationSamples.Sample) {
    let traits = classify(sample.userAgent)
    #expect(traits.machineClass == sample.machineClass, "\(sample.userAgent)")
    #expect("\(traits.client)" == sample.client, "\(sample.userAgent)")
    #expect("\(traits.device)" == sample.device, "\(sample.userAgent)")
    #expect("\(traits.os)" == sample.os, "\(sample.userAgent)")
  }

  @Test("only the bare user agent is Apple's privacy proxy")
  func matchesThePrivacyProxyExactly() {
    #expect(classify("Mozilla/5.0").machineClass == .privacyProxy)
    for text in ["Mozilla/5.0 ", "mozilla/5.0", "Mozilla/5.0 (compatible)", "Mozilla/5.01"] {
      #expect(classify(text).machineClass == .human, "'\(text)'")
    }
  }

  @Test("no user agent is a person with an unknown client")
  func treatsNothingAsPerson() {
    let traits = classify("")
    #expect(traits.machineClass == .human)
    #expect("\(traits.client) \(traits.device) \(traits.os)" == "unknown unknown unknown")
  }

  @Test("words end where letters end")
  func matchesWordEnds() {
    #expect(classify("SomeBot/1.0").machineClass == .robot)
    #expect(classify("some bot").machineClass == .robot)
    #expect(classify("botanica/2 bots").machineClass == .human)
    #expect(classify("botanica bots bot").machineClass == .robot)
  }

  @Test("any bytes are classified, with the same result in upper case unless exact rules decide")
  func survivesRandomBytes() {
    forAll(count: 500) { random, note in
      let words = ["bot", "Outlook", "iPhone", "Chrome/", "Safari/", "(", " ", "\u{FF}", "curl/"]
      let text = (0..<random.below(12)).map { _ in random.pick(words) }.joined()
      let traits = classify(text)
      let upper = classify(text.uppercased())
      #expect(traits.machineClass == upper.machineClass, "\(note): \(text)")
      #expect("\(traits.client)" == "\(upper.client)", "\(note): \(text)")
      #expect("\(traits.device)" == "\(upper.device)", "\(note): \(text)")
    }
  }

  private func classify(_ text: String) -> UserAgentTraits {
    Array(text.utf8).withUnsafeBufferPointer { UserAgentRules.classify(ByteSlice($0)) }
  }
}
