// A request that is answered with ERR: a code for programs, a place and a sentence for people.

package import Query

package struct ProtocolError: Error, Equatable, Sendable {
  /// Raw values are what goes over the wire.
  package enum Code: String, CaseIterable, Sendable {
    case query = "QUERY"
    case limit = "LIMIT"
    case timeout = "TIMEOUT"
    case cancelled = "CANCELLED"
    case damaged = "DAMAGED"
    case line = "LINE"
    case verb = "VERB"
    case setting = "SETTING"
    case format = "FORMAT"
    case auth = "AUTH"
    case ingest = "INGEST"
    case forget = "FORGET"
    case busy = "BUSY"
    /// The disk is full, or failed.
    case disk = "DISK"
  }

  package let code: Code
  /// A byte of the request's line, from 0.
  package let position: Int
  /// One line.
  package let message: String

  package init(_ code: Code, at position: Int = 0, _ message: String) {
    self.code = code
    self.position = position
    self.message = DisplayText.escape(message)
  }

  /// - Parameters:
  ///   - error: of a text that begins at byte `offset` of the line.
  ///   - code: what to call it when it is an ordinary error.
  package init(_ error: QueryError, offset: Int = 0, code: Code = .query) {
    let kind: Code =
      switch error.kind {
      case .query: code
      case .limit: .limit
      case .timeout: .timeout
      case .cancelled: .cancelled
      case .damaged: .damaged
      }
    // The message is escaped already.
    self.code = kind
    position = offset + error.range.lowerBound
    message = error.summary
  }

  init(_ error: IngestError) {
    self.init(error.isDisk ? .disk : .ingest, error.reason)
  }

  /// A recipient that could not be forgotten.
  init(_ error: ForgetError) {
    self.init(error.isDisk ? .disk : .forget, error.reason)
  }
}
