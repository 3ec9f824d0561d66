// A source as its connections share it.

internal import NIOCore

final class SourceListener: Sendable {
  let configuration: SourceConfiguration
  let ledger: SourceLedger

  init(_ configuration: SourceConfiguration) {
    self.configuration = configuration
    ledger = SourceLedger(SourceStatus(configuration.transport, at: configuration.address))
  }

  /// Says where the source listens, now that it does.
  func listens(on channel: any Channel) {
    let address = configuration.address
    let port = channel.localAddress?.port ?? address.port
    ledger.update { $0.address = ListenAddress(host: address.host, port: port) }
  }
}
