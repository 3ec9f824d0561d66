// Why a server does not start.

package enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address cannot be had, and why.
  case refused(ListenAddress, String)
  /// Others could connect to the address, and there is no token.
  case open(ListenAddress)

  package var description: String {
    switch self {
    case .refused(let address, let reason): "cannot listen on \(address): \(reason)"
    case .open(let address):
      "\(address) is open to others; that takes a token: --token-file FILE"
    }
  }
}
