// What a load must not take once more. Files are told apart by their content, and by their length before that is known.

package import Base

/// Content that was loaded before.
package struct KnownContent: Equatable, Sendable {
  package var digest: ContentDigest
  /// Bytes, uncompressed.
  package var byteCount: Int64
  /// The name it was loaded under.
  package var name: String

  package init(digest: ContentDigest, byteCount: Int64, name: String) {
    self.digest = digest
    self.byteCount = byteCount
    self.name = name
  }
}
