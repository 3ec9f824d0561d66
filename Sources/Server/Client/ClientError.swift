// Why a client has no answer.

package enum ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The connection cannot be had or is lost.
  case lost(String)
  /// The server answered ERR.
  case refused(ProtocolError)
  /// The request cannot be written in one line, or the reply is none of this protocol.
  case unreadable(String)

  package var description: String {
    switch self {
    case .lost(let reason), .unreadable(let reason): reason
    case .refused(let error): error.message
    }
  }
}
