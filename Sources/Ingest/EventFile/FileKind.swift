// What a file is, told by its name and its beginning. docs/formats/event-files.md has the rules.

package import Base

/// How the records of an event file or attribute file are written.
package enum RecordSyntax: Equatable, Sendable {
  case ndjson
  case csv
  case tsv

  /// What separates fields; nil for NDJSON.
  package var separator: UInt8? {
    switch self {
    case .ndjson: nil
    case .csv: ASCII.comma
    case .tsv: ASCII.tab
    }
  }
}

package enum FileKind: Equatable, Sendable {
  case events(RecordSyntax)
  case attributes(AttributeOwner, RecordSyntax)
  case accessLog(AccessLogFormat)

  package var isAttributes: Bool {
    if case .attributes = self { return true }
    return false
  }

  /// Whether every line stands for itself, so that threads may share them; records of tables may span lines, and a file
  /// of attributes is taken whole or not at all.
  package var isLines: Bool {
    switch self {
    case .accessLog, .events(.ndjson): true
    case .events, .attributes: false
    }
  }

  /// The kind of the file called `name` that begins with `head`, or nil if it is no input.
  ///
  /// - Parameters:
  ///   - name: the path, or "-" for standard input.
  ///   - head: the first decompressed bytes, at most `Limits.detectionByteCountMax`.
  package static func detect(name: String, head: ByteSlice) -> FileKind? {
    let fileName = FileName(path: name)
    if fileName.isAnswerSheet { return nil }
    let line = firstLine(of: head)
    let kind =
      line.buffer.first == ASCII.openBrace
      ? detectObject(line, owner: fileName.owner) : detectHeader(line, owner: fileName.owner)
    return kind ?? AccessLogFormat.detect(head: head).map { .accessLog($0) }
  }

  private static func detectObject(_ line: ByteSlice, owner: AttributeOwner?) -> FileKind? {
    let scratch = LineScratch(byteCount: line.count)
    var names: [[UInt8]] = []
    withExtendedLifetime(scratch) {
      var members = JSONObjectReader(line, scratch: scratch)
      // A line that is longer than the head is read as far as it goes.
      while let (name, _) = members.next() { names.append(name.array) }
    }
    guard let first = names.first else { return nil }
    let has: (EventField) -> Bool = { names.contains(bytes(of: $0.name)) }
    if has(.kind) && has(.time) { return .events(.ndjson) }
    if let owner { return .attributes(owner, .ndjson) }
    if has(.kind) { return .events(.ndjson) }
    return keyOwner(first).map { .attributes($0, .ndjson) }
  }

  private static func detectHeader(_ line: ByteSlice, owner: AttributeOwner?) -> FileKind? {
    let hasTab = ByteSearch.firstIndex(of: ASCII.tab, in: line) != nil
    let separator = hasTab ? ASCII.tab : ASCII.comma
    let syntax: RecordSyntax = hasTab ? .tsv : .csv
    let names = headerNames(line, separator: separator)
    guard let first = names.first else { return nil }
    let has: (EventField) -> Bool = { names.contains(bytes(of: $0.name)) }
    if EventField.required.allSatisfy(has) { return .events(syntax) }
    if let owner { return .attributes(owner, syntax) }
    if has(.kind) { return .events(syntax) }
    guard names.count > 1 else { return nil }
    return keyOwner(first).map { .attributes($0, syntax) }
  }

  private static func keyOwner(_ name: [UInt8]) -> AttributeOwner? {
    name.withUnsafeBufferPointer { AttributeOwner(name: ByteSlice($0)) }
  }

  private static func headerNames(_ line: ByteSlice, separator: UInt8) -> [[UInt8]] {
    var reader = DelimitedReader(separator: separator)
    reader.feed(line)
    reader.finish()
    guard case .record(let header) = reader.next() else { return [] }
    return (0..<header.count).map { HeaderName.normalized(header[$0]) }
  }

  /// The first line that is not blank, without a byte order mark.
  private static func firstLine(of head: ByteSlice) -> ByteSlice {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var rest = head.buffer.starts(with: mark) ? head.suffix(from: mark.count) : head
    while let newline = ByteSearch.firstIndex(of: ASCII.newline, in: rest) {
      let line = rest.slice(from: 0, to: newline)
      if !JSONLine.isBlank(line) { return line }
      rest = rest.suffix(from: newline + 1)
    }
    return rest
  }

  private static func bytes(of name: StaticString) -> [UInt8] {
    // SAFETY: a static string's bytes live for ever.
    ByteSlice(name.utf8Start, count: name.utf8CodeUnitCount).array
  }
}
