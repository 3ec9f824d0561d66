import Base
import Columnar
import Ingest
import TestSupport
import Testing

@Suite("Attributes of recipients")
struct RecipientAttributeTests {
  @Test("of several values of a recipient's attribute the last one stays, in any number of rows")
  func lastValue() {
    forAll(count: 8) { random, seed in
      let folder = TemporaryFolder()
      var model: [String: String] = [:]
      var rowCount = 0
      // One file after the other, with columns in other orders.
      let files = (0..<3).map { index in
        let names = ["school", "plan", "country", "joined"].shuffled(using: &random)
        let rows = (0..<random.pick([3, 200, 9000])).map { _ in
          RecipientAttributeTests.row(&random, names, &model)
        }
        rowCount += rows.count
        let text = (["recipient," + names.joined(separator: ",")] + rows).joined(separator: "\n")
        return folder.write("\(index)/recipients.csv", text + "\n")
      }
      let loading = Loading(files)
      #expect(RecipientAttributeTests.stated(loading) == model, "\(seed)")
      #expect(loading.tally.attributeRowCount == rowCount, "\(seed)")
    }
  }

  @Test("objects state what they state in any order of their members")
  func objects() {
    let folder = TemporaryFolder()
    let text = """
      {"recipient":"a","plan":"x","school":"y"}
      {"recipient":"b","school":"1","plan":"2","school":"3"}
      {"school":"q","plan":"p","recipient":"c"}
      {"recipient":"a","school":"z"}

      """
    let loading = Loading([folder.write("recipients.ndjson", text)])
    let stated = RecipientAttributeTests.stated(loading)
    #expect(stated == ["a plan": "x", "a school": "z", "c plan": "p", "c school": "q"])
    #expect(loading.tally.lineCount == 4 && loading.tally.rejectedCount == 1)
  }

  @Test("rows that state an attribute too many are rejected, and state what comes before it")
  func tooManyAttributes() {
    let folder = TemporaryFolder()
    let files = (0..<3).map { file in
      let names = (0..<250).map { "a\(file)_\($0)" }
      let text = "recipient,\(names.joined(separator: ","))\nr,\(names.joined(separator: ","))\n"
      return folder.write("\(file)/recipients.csv", text)
    }
    let loading = Loading(files)
    #expect(RecipientAttributeTests.stated(loading).count == Limits.recipientAttributeCountMax)
    #expect(loading.tally.rejected[Int(RejectReason.tooManyValues.rawValue)] == 1)
    #expect(loading.tally.attributeRowCount == 2)
  }

  @Test("rows about recipients for whom there is no room are rejected, the others taken")
  func fullShards() {
    let folder = TemporaryFolder()
    let rows = (0..<200).map { "r\($0),gold\n" }
    let loading = Loading(
      [folder.write("recipients.csv", "recipient,plan\n" + rows.joined())], recipientCountMax: 3)
    let taken = Columnar.Limits.shardCount * 3
    #expect(RecipientAttributeTests.stated(loading).count == taken)
    #expect(loading.tally.attributeRowCount == taken)
    #expect(loading.tally.rejected[Int(RejectReason.tooManyValues.rawValue)] == 200 - taken)
    #expect(loading.tally.lineCount == 200)
    let samples = loading.tally.samples.map(\.text)
    #expect(!samples.isEmpty && samples.allSatisfy { $0.hasPrefix("r") })
  }

  /// A random row as text; what it says goes into the model.
  private static func row(
    _ random: inout PRNG, _ names: [String], _ model: inout [String: String]
  ) -> String {
    let recipient = "r\(random.below(random.pick([5, 5000])))@example.org"
    let values = names.map { name in
      let value = random.isHit(0.3) ? "" : "v\(random.below(50))"
      if !value.isEmpty { model["\(recipient) \(name)"] = value }
      return value
    }
    return ([recipient] + values).joined(separator: ",")
  }

  /// By recipient and attribute: the value.
  private static func stated(_ loading: Loading) -> [String: String] {
    let names = loading.shared.sharedAttributes.recipientNames
    let values = loading.shared.dictionary(.attribute)
    var stated: [String: String] = [:]
    for shard in loading.shards {
      shard.withState { state in
        for (name, column) in zip(names, state.attributes) {
          for (recipient, code) in column.elements.enumerated() where code != 0 {
            let key = state.recipients.prefix[UInt32(recipient)].text
            stated["\(key) \(name)"] = values[code - 1].text
          }
        }
      }
    }
    return stated
  }
}
