// Why a server does not start.

internal import Glibc
internal import NIOCore

package enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address cannot be had, and why.
  case refused(ListenAddress, String)
  /// Others could connect to the address, and there is no token.
  case open(ListenAddress)
  /// Others could send to a source at the address, and nobody said that they may.
  case openSource(ListenAddress)

  package var description: String {
    switch self {
    case .refused(let address, let reason): "cannot listen on \(address): \(reason)"
    case .open(let address):
      "\(address) is open to others; that takes a token: --token-file FILE"
    case .openSource(let address):
      "\(address) is open to others, who could send lines without a token: --open-sources allows it"
    }
  }

  /// As the system says it.
  static func refused(_ address: ListenAddress, because error: any Error) -> ServerError {
    guard let error = error as? IOError else { return .refused(address, "\(error)") }
    return .refused(address, "\(String(cString: strerror(error.errnoCode)))")
  }
}
