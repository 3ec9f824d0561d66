import Glibc
import Testing
import Workload

@Suite("Specifications")
struct SpecificationTests {
  @Test("numbers out of range are refused with the number that is")
  func ranges() {
    check("events") { $0.lineCount = 0 }
    check("campaigns") { $0.campaignCount = $0.messageCount + 1 }
    check("recipients") { $0.recipientCount = 0 }
    check("edges") { $0.edgeCount = 10 }
    check("sending days") { $0.sendDayCount = 0 }
  }

  private func check(_ name: String, _ change: (inout WorkloadSpec) -> Void) {
    var spec = WorkloadSpec(lineCount: 100)
    change(&spec)
    do {
      try spec.validate()
      Issue.record("\(name) accepted")
    } catch {
      #expect(error.description.hasPrefix(name))
    }
  }

  @Test("the smallest workloads work", arguments: [1, 2, 3, 12, 13])
  func smallest(lineCount: Int) throws {
    let truth = try WorkloadFolder(WorkloadSpec(lineCount: lineCount)).truth
    #expect(truth.messages == max(1, lineCount / 2))
  }

  @Test("a directory with files in it is left alone")
  func notEmpty() throws {
    let folder = try WorkloadFolder(WorkloadSpec(lineCount: 100))
    #expect(throws: WorkloadError.directoryNotEmpty(path: folder.path)) {
      _ = try Generator(folder.spec, directory: folder.path).run()
    }
  }

  @Test("a file in the place of the directory is told apart from one with files in it")
  func noDirectory() throws {
    let folder = try WorkloadFolder(WorkloadSpec(lineCount: 100))
    let path = folder.path + "/sends.ndjson"
    #expect(throws: WorkloadError.cannotCreate(path: path, code: ENOTDIR)) {
      _ = try Generator(folder.spec, directory: path).run()
    }
  }

  @Test("campaigns differ in size however many there are", arguments: [6, 7, 14, 21])
  func campaignSizes(count: Int) throws {
    var spec = WorkloadSpec(lineCount: 2000)
    spec.campaignCount = count
    let sizes = try WorkloadFolder(spec).truth.campaigns.map(\.sent).sorted()
    #expect(sizes[count - 1] >= 2 * sizes[0])
  }
}
