// The secret that clients show with AUTH.

package enum Token {
  /// Shorter ones can be guessed, longer ones do not fit a request line with ease.
  package static let byteCounts = 16...1024

  /// Compares without telling by its time where the two differ. How long the token is, is no secret.
  static func isEqual(_ shown: [UInt8], to token: [UInt8]) -> Bool {
    guard shown.count == token.count else { return false }
    var difference: UInt8 = 0
    for index in token.indices { difference |= shown[index] ^ token[index] }
    return difference == 0
  }
}
