// Engines over data that reports are tried on: the sample in the repository, and small generated workloads.

import Base
import Engine
import Ingest
import Query
import Reports
import TestSupport
import Testing
import Workload

/// A data directory that lives as long as it is held.
final class SampleData {
  private let folder = TemporaryFolder()
  let engine: Engine

  /// The sample dataset.
  convenience init() throws { try self.init(loading: Repository.path("datasets/sample")) }

  /// What the generator writes for `seed`.
  convenience init(seed: UInt64, lineCount: Int) throws {
    let folder = TemporaryFolder()
    var specification = WorkloadSpec(lineCount: lineCount, seed: seed)
    specification.recipientCount = max(20, lineCount / 20)
    let generator = try Generator(specification, directory: folder.file("set")) { _ in }
    _ = try generator.run()
    try self.init(loading: folder.file("set"))
  }

  private init(loading set: String) throws {
    let logs = TemporaryFolder.names(in: set + "/logs").map { "logs/\($0)" }
    let others = [
      "sends.ndjson", "outcomes.ndjson", "recipients.csv", "links.csv", "campaigns.csv",
    ]
    let files = (logs + others).map { InputFile(path: "\(set)/\($0)", name: $0, byteCount: 0) }
    engine = try Engine.openForWriting(
      folder.file("data"), configuration: Engine.Configuration(threadCount: 1))
    let report = try engine.load(files, options: IngestOptions(threadCount: 1))
    for outcome in report.outcomes {
      guard case .loaded = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
  }

  /// The answers of a report.
  func answer(
    _ report: Report, _ values: [(name: String, text: String)] = [], only: Int? = nil
  ) throws -> ReportAnswer {
    let values = try ReportValues(values, for: report)
    return try ReportAnswer(report, values, only: only) { (sql) throws(ReportFailure) in
      do throws(QueryError) {
        return try engine.query(sql)
      } catch {
        throw .query(error)
      }
    }
  }

  /// The same of one that comes with the program.
  func answer(
    _ name: String, _ values: [(name: String, text: String)] = [], only: Int? = nil
  ) throws -> ReportAnswer {
    try answer(try ReportShelf(folders: []).report(name), values, only: only)
  }
}

extension ReportAnswer {
  /// The report as it is written.
  func text(_ format: ResultFormat, _ style: PageStyle = PageStyle()) -> String {
    var bytes: [UInt8] = []
    ReportWriter(format, style).write(self, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
