// What the server asks of whoever holds the data. The engine is one; tests have their own.

package import Base
package import Engine
package import Ingest
package import Query

package protocol Backend: Sendable {
  /// Answers a query. Called on any thread, on several at once.
  ///
  /// - Parameter cancellation: stops the work; the error then says so.
  func query(
    _ text: [UInt8], settings: QuerySettings, cancellation: Cancellation
  ) throws(QueryError) -> ResultTable

  /// How it is, for people and for monitoring. Called on any thread.
  var status: [StatusItem] { get }

  /// Begins to take lines of a format. Called on any thread; may block.
  ///
  /// - Parameter name: what rejected lines are said to be from.
  func beginIngest(_ kind: FileKind, name: String) throws(IngestError) -> any HitStream

  /// Makes durable what streams have appended. Called on any thread; may block.
  func synchronize() throws(IngestError)

  /// Removes everything about a recipient, now and for good. Called on any thread; may block.
  func forget(_ recipient: [UInt8]) throws(ForgetError) -> RemovalCounts
}

/// Lines on their way in, from one client. Calls come one after the other, on any thread, and may block.
package protocol HitStream: Sendable {
  /// Takes whole lines, each with its newline: all of them or none, if they are no more than
  /// `StreamWorker.wholeLineCountMax` and `wholeByteCountMax`. After an error of the disk it may be called again.
  func append(_ lines: [UInt8]) throws(IngestError)

  /// Keeps what was taken as durably as the backend promises, and ends the stream. Also called after `append` failed
  /// and after the client has gone.
  func finish() throws(IngestError) -> IngestCounts

  /// Ends the stream, and leaves it to the next `synchronize` to keep what was taken. Not called after `append` failed.
  func close() throws(IngestError)

  /// What became of the lines so far.
  var tally: LineTally { get }
}

/// What became of a stream's lines.
package struct IngestCounts: Equatable, Sendable {
  /// Lines that are events.
  package var accepted: Int
  package var ignored: Int
  package var rejected: Int
  /// Of the accepted, those that were there before.
  package var repeated: Int
  /// When the lines are on disk, as `beacon serve --durability` has it.
  package var durability: String

  package init(
    accepted: Int = 0, ignored: Int = 0, rejected: Int = 0, repeated: Int = 0,
    durability: String = "always"
  ) {
    self.durability = durability
    self.accepted = accepted
    self.ignored = ignored
    self.rejected = rejected
    self.repeated = repeated
  }
}

/// A recipient that could not be forgotten: a sentence for people.
package struct ForgetError: Error, Equatable, Sendable {
  package let reason: String
  /// Whether the disk is full or has failed.
  package let isDisk: Bool

  package init(_ reason: String, isDisk: Bool = false) {
    self.reason = reason
    self.isDisk = isDisk
  }
}

/// Hits that could not be taken: a sentence for people.
package struct IngestError: Error, Equatable, Sendable {
  package let reason: String
  /// Whether the disk is full or has failed, and not the lines.
  package let isDisk: Bool

  package init(_ reason: String, isDisk: Bool = false) {
    self.reason = reason
    self.isDisk = isDisk
  }
}
