// Fuzz bodies of the access-log parsers: arbitrary bytes, half of them from the alphabet of the
// formats.

import Base
import Ingest
import Testing

enum AccessLogFuzz {
  private static let pieces = [
    "203.0.113.7", " - - ", "[14/Mar/2026:09:12:01 +0000] ", "\"GET /o?c=a&r=b HTTP/1.1\"",
    " 200 43",
    " \"-\"", "\"", "\\", "\\x", "%", "%4", "\t", " ", "{", "}", "\"uri\":", "\"status\":200,",
    "\"request\":{",
    "\"ts\":1700000000.5,", "#Fields: date time", "cs-uri-stem", "sc-status", "cs-method", "c-ip",
    "\n",
    "2026-03-14", "09:12:01", "/o/a/b.gif", "&", "=", "http://", "?", "open GET ", "{campaign}",
    "*",
    "recipient={address}", "status=2xx", "\r",
  ]

  static func bytes(_ random: inout PRNG) -> Bytes {
    var bytes: Bytes = []
    for _ in 0..<random.below(40) {
      if random.isHit(0.3) {
        bytes.append(UInt8(random.below(256)))
      } else {
        bytes += Array(random.pick(pieces).utf8)
      }
    }
    return bytes
  }

  /// One line of anything at one parser; fields must lie in memory that can be read, and not be too
  /// long.
  static func parse(_ format: AccessLogFormat, _ random: inout PRNG, _ note: String) {
    var parser = format.makeParser(routes: .standard)
    var event = Event()
    for _ in 0..<20 {
      var line = random.isHit(0.5) ? bytes(&random) : AccessLogGenerator.line(format, &random)
      if random.isHit(0.5) { line = AccessLogGenerator.mutate(line, &random) }
      if random.isHit(0.02) { line += Bytes(repeating: random.isHit(0.5) ? 37 : 65, count: 70_000) }
      line.withUnsafeBufferPointer { buffer in
        guard parser.parse(ByteSlice(buffer), into: &event) == .event else { return }
        for (name, slice) in AccessLogSupport.fields(event) {
          #expect(slice.count <= Limits.fieldByteCountMax, "\(note) \(name)")
          #expect(slice.array.count == slice.count, "\(note) \(name)")
        }
      }
    }
  }

  /// Any head of a file: a format that is found must read at least one of its lines.
  static func detect(_ random: inout PRNG, _ note: String) {
    var head = bytes(&random)
    if random.isHit(0.5) {
      head += AccessLogGenerator.line(random.pick(AccessLogFormat.allCases), &random) + [10]
    }
    head.withUnsafeBufferPointer { buffer in
      let slice = ByteSlice(buffer)
      let fields = AccessLogFormat.fieldsLine(head: slice)
      guard let format = AccessLogFormat.detect(head: slice) else { return }
      var parser = format.makeParser(routes: .standard, fieldsLine: fields ?? .empty)
      var event = Event()
      var readable = 0
      for line in head.split(separator: 10, omittingEmptySubsequences: false).map(Bytes.init) {
        line.withUnsafeBufferPointer {
          switch parser.parse(ByteSlice($0), into: &event) {
          case .event, .ignored(.noRoute), .ignored(.status), .ignored(.method): readable += 1
          case .rejected(.missingKey), .rejected(.escape), .rejected(.number): readable += 1
          case .rejected(.fieldTooLong): readable += 1
          case .ignored, .rejected: break
          }
        }
      }
      #expect(readable > 0, "\(note) \(format)")
    }
  }

  /// Any routes file: an error names a line of it, a success has routes.
  static func routes(_ random: inout PRNG, _ note: String) {
    let text =
      random.isHit(0.5)
      ? AccessLogGenerator.mutate(Bytes(Routes.standardText.utf8), &random) : bytes(&random)
    text.withUnsafeBufferPointer { buffer in
      do throws(RoutesError) {
        let routes = try Routes(text: ByteSlice(buffer))
        #expect(!routes.routes.isEmpty, "\(note)")
      } catch {
        #expect(error.line >= 1 && error.line <= text.count(where: { $0 == 10 }) + 1, "\(note)")
        #expect(!error.message.isEmpty, "\(note)")
      }
    }
  }
}
