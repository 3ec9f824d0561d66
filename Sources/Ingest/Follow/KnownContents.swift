// All checkpoints, found by the file they name or by how the content begins.

internal import Base

struct KnownContents {
  private(set) var checkpoints: [UInt64: Checkpoint] = [:]
  private var keysByIdentity: [FileIdentity: [UInt64]] = [:]
  private var keysByHead: [Fingerprint: [UInt64]] = [:]
  private var keysByContainer: [Checkpoint.Container: [UInt64]] = [:]
  /// How many checkpoints have a head of so many bytes.
  private var headLengths: [Int: Int] = [:]
  private var lastKey: UInt64 = 0

  subscript(key: UInt64) -> Checkpoint? { checkpoints[key] }

  /// A key that was never used, as far as is remembered.
  mutating func makeKey() -> UInt64 {
    lastKey += 1
    return lastKey
  }

  /// Keeps a key from being given to anything new.
  mutating func reserve(_ key: UInt64) { lastKey = max(lastKey, key) }

  mutating func set(_ key: UInt64, _ checkpoint: Checkpoint) {
    let old = checkpoints.updateValue(checkpoint, forKey: key)
    lastKey = max(lastKey, key)
    guard
      old?.identity != checkpoint.identity || old?.head != checkpoint.head
        || old?.container != checkpoint.container
    else { return }
    if let old { unlist(key, old) }
    keysByIdentity[checkpoint.identity, default: []].append(key)
    keysByHead[checkpoint.head, default: []].append(key)
    headLengths[checkpoint.head.byteCount, default: 0] += 1
    if let container = checkpoint.container {
      keysByContainer[container, default: []].append(key)
    }
  }

  mutating func remove(_ key: UInt64) {
    if let old = checkpoints.removeValue(forKey: key) { unlist(key, old) }
  }

  /// The file is there: only the time changes.
  mutating func see(_ key: UInt64, at now: Int64) { checkpoints[key]?.lastSeen = now }

  private mutating func unlist(_ key: UInt64, _ old: Checkpoint) {
    KnownContents.remove(key, from: &keysByIdentity, old.identity)
    KnownContents.remove(key, from: &keysByHead, old.head)
    if let container = old.container {
      KnownContents.remove(key, from: &keysByContainer, container)
    }
    headLengths[old.head.byteCount, default: 0] -= 1
    if headLengths[old.head.byteCount] == 0 { headLengths[old.head.byteCount] = nil }
  }

  private static func remove<Place: Hashable>(
    _ key: UInt64, from keys: inout [Place: [UInt64]], _ place: Place
  ) {
    keys[place]?.removeAll { $0 == key }
    if keys[place]?.isEmpty == true { keys[place] = nil }
  }

  func knows(_ identity: FileIdentity) -> Bool { keysByIdentity[identity] != nil }

  /// The finished checkpoint of a compressed file of just these bytes.
  func finished(_ container: Checkpoint.Container) -> UInt64? {
    keysByContainer[container]?.first { checkpoints[$0]?.isFinished == true }
  }

  /// Checkpoints that may be of the content that begins with `head`. A file of the same number that begins otherwise
  /// has another content.
  ///
  /// - Parameter head: the content's first bytes, all of them up to `Limits.fingerprintByteCountMax`.
  func candidates(_ head: ByteSlice) -> [UInt64] {
    var keys: [UInt64] = []
    for length in headLengths.keys where length > 0 && length <= head.count {
      let mark = Fingerprint(of: head.slice(from: 0, to: length))
      keys += keysByHead[mark] ?? []
    }
    return keys
  }
}
