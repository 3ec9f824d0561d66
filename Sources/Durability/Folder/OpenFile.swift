// A file that is open for reading: it stays readable when its name is removed or given to another file.

package final class OpenFile: Sendable {
  private let folder: DataFolder
  private let name: String
  private let descriptor: Int32

  package init(_ folder: DataFolder, _ name: String) throws(DurabilityError) {
    self.folder = folder
    self.name = name
    descriptor = try folder.open(name, .read, "open")
  }

  deinit { folder.system.close(descriptor) }

  /// Some bytes of it; fewer when it ends before.
  package func read(at offset: Int, byteCount: Int) throws(DurabilityError) -> [UInt8] {
    try folder.readAll(descriptor, name, from: offset, byteCount: byteCount)
  }
}
