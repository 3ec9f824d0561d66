// One line of STATUS: a name that stays, and a value as text.

package import Engine
package import Query

package struct StatusItem: Equatable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  init(_ name: String, _ value: some FixedWidthInteger) { self.init(name, "\(value)") }

  /// What there is to say about an engine. Names end with their units: bytes, ms, us.
  package static func items(of status: EngineStatus, _ durability: Durability) -> [StatusItem] {
    var items = [
      StatusItem("state", state(of: status)),
      StatusItem("events", status.eventCount),
      StatusItem("messages", status.messageCount),
      StatusItem("recipients", status.recipientCount),
      StatusItem("segments", status.segmentCount),
      StatusItem("memory_bytes", status.memoryByteCount),
      StatusItem("files", status.fileCount),
      StatusItem("file_bytes", status.fileByteCount),
    ]
    if let fullest = status.fullestDictionary {
      let counts = "\(fullest.valueCount) values, \(fullest.byteCount) bytes"
      items.append(
        StatusItem("fullest_dictionary", "\(fullest.name) \(fullest.percent) % (\(counts))"))
    }
    items += self.items(of: status.memory)
    if let free = status.freeByteCount { items.append(StatusItem("disk_free_bytes", free)) }
    items.append(StatusItem("durability", durability.rawValue))
    if let log = status.log { items += self.items(of: log) }
    return items + self.items(of: status.recovery)
  }

  package static func table(_ items: [StatusItem]) -> ResultTable {
    .pairs(items.map { ($0.name, $0.value) }, "item", "value")
  }

  private static func state(of status: EngineStatus) -> String {
    guard let log = status.log else { return "open for queries" }
    return log.refusal.map { "takes no events: \($0)" } ?? "takes events"
  }

  /// Where memory has a budget, what it is taken by.
  private static func items(of memory: MemoryUsage) -> [StatusItem] {
    guard let budget = memory.budget else { return [] }
    return [
      StatusItem("memory_budget_bytes", budget),
      StatusItem("resident_bytes", memory.byteCount),
      StatusItem("resident_segment_bytes", memory.payloads),
      StatusItem("resident_header_bytes", memory.headers),
      StatusItem("resident_cache_bytes", memory.cache),
      StatusItem("resident_table_bytes", memory.tables),
      StatusItem("resident_state_bytes", memory.states),
      StatusItem("resident_live_bytes", memory.live),
      StatusItem("cold_segments", memory.coldSegmentCount),
    ]
  }

  private static func items(of log: EngineStatus.LogStatus) -> [StatusItem] {
    var items = [
      StatusItem("log_bytes", log.byteCount),
      StatusItem("log_records", log.recordCount),
      StatusItem("log_records_unsynchronized", log.unsynchronizedCount),
    ]
    if let last = log.lastSynchronization {
      items.append(StatusItem("last_fsync_age_ms", last.age))
      items.append(StatusItem("last_fsync_took_us", last.duration))
    }
    return items
  }

  private static func items(of recovery: Recovery) -> [StatusItem] {
    [
      StatusItem("recovered_records", recovery.recordCount),
      StatusItem("recovered_bytes", recovery.byteCount),
      StatusItem("recovered_events", recovery.eventCount),
      StatusItem("recovered_repeated_events", recovery.repeatedCount),
      StatusItem("recovered_torn_bytes", recovery.tornByteCount),
    ]
  }
}

extension ResultTable {
  /// A table of two columns of texts.
  static func pairs(
    _ rows: [(String, String)], _ firstName: String, _ secondName: String
  ) -> ResultTable {
    var first = ResultColumn(name: firstName, type: .text)
    var second = ResultColumn(name: secondName, type: .text)
    for row in rows {
      first.append(row.0)
      second.append(row.1)
    }
    return ResultTable(columns: [first, second])
  }
}
