// The plain twin of DelimitedReader: the whole text at once, one byte after the other, copies
// everywhere.

import Base
import Ingest

enum CSVOutcome: Equatable, CustomStringConvertible {
  case record([String])
  case blank
  case rejected(RejectReason)

  var description: String {
    switch self {
    case .record(let fields): "\(fields)"
    case .blank: "blank"
    case .rejected(let reason): "rejected \(reason)"
    }
  }
}

struct CSVNaive {
  let bytes: [UInt8]
  let separator: UInt8
  let recordByteCountMax: Int

  func outcomes() -> [CSVOutcome] {
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var distrustedUntil = 0
    var outcomes: [CSVOutcome] = []
    while index < bytes.count {
      let lineEnd = bytes[index...].firstIndex(of: ASCII.newline) ?? bytes.count
      if lineEnd - index > recordByteCountMax {
        outcomes.append(.rejected(.tooLong))
        index = lineEnd + 1
        continue
      }
      let end = index < distrustedUntil ? lineEnd : bytes.count
      switch record(from: index, to: end) {
      case .complete(let fields, let next) where next - index <= recordByteCountMax:
        outcomes.append(isBlank(index, next) ? .blank : outcome(fields))
        index = next + 1
      case .malformed(let place) where isWithinLimit(place, of: index):
        outcomes.append(.rejected(.malformed))
        index = (bytes[place...].firstIndex(of: ASCII.newline) ?? bytes.count) + 1
      default:
        if index < distrustedUntil {
          outcomes.append(.rejected(.malformed))
        } else {
          let isTooLong = bytes.count - index > recordByteCountMax
          outcomes.append(.rejected(isTooLong ? .tooLong : .malformed))
          distrustedUntil = min(bytes.count, index + recordByteCountMax + 1)
        }
        index = lineEnd + 1
      }
    }
    return outcomes
  }

  private func isBlank(_ start: Int, _ end: Int) -> Bool {
    end == start || end == start + 1 && bytes[start] == ASCII.carriageReturn
  }

  /// A carriage return is wrong only if the byte behind it, which counts too, is no newline.
  private func isWithinLimit(_ place: Int, of start: Int) -> Bool {
    let lookahead = bytes[place] == ASCII.carriageReturn ? 1 : 0
    return place + lookahead - start <= recordByteCountMax
  }

  private func outcome(_ fields: [[UInt8]]) -> CSVOutcome {
    if fields.count > Limits.columnCountMax { return .rejected(.malformed) }
    return .record(fields.map { String(decoding: $0, as: UTF8.self) })
  }

  private enum Scan {
    case complete([[UInt8]], Int)
    case malformed(Int)
    case open
  }

  /// One byte at a time; a blank line is a record of one empty field here.
  private func record(from start: Int, to end: Int) -> Scan {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    var isAfterQuote = false
    var isFieldStart = true
    var index = start
    while index < end {
      let byte = bytes[index]
      let endsLine =
        byte == ASCII.newline
        || byte == ASCII.carriageReturn && (index + 1 == end || bytes[index + 1] == ASCII.newline)
      if isQuoted {
        (isQuoted, isAfterQuote) = byte == ASCII.quote ? (false, true) : (true, false)
        if isQuoted { fields[fields.count - 1].append(byte) }
      } else if isAfterQuote, byte == ASCII.quote {
        fields[fields.count - 1].append(byte)
        (isQuoted, isAfterQuote) = (true, false)
      } else if byte == separator {
        fields.append([])
        (isFieldStart, isAfterQuote) = (true, false)
        index += 1
        continue
      } else if endsLine {
        return .complete(fields, byte == ASCII.newline ? index : min(index + 1, end))
      } else if isAfterQuote {
        return .malformed(index)
      } else if isFieldStart, byte == ASCII.quote {
        isQuoted = true
      } else {
        fields[fields.count - 1].append(byte)
      }
      isFieldStart = false
      index += 1
    }
    return isQuoted ? .open : .complete(fields, end)
  }
}
