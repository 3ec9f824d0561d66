// A growing array whose elements never move: address space is reserved once, memory arrives page by page as it
// is touched. Growing copies nothing, and a reader that knows a count may read that prefix while more is
// appended behind it.
//
// The count lives beside the elements and not in the object, so that appending costs no exclusivity check.
//
// SAFETY: `base` is valid for `capacity` elements for as long as the buffer lives. Elements are trivial types;
// only those below `count` were written. One writer at a time; who shares a buffer says how.

internal import Glibc

@usableFromInline package final class StableBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  @usableFromInline package let base: UnsafeMutablePointer<Element>
  @usableFromInline package let capacity: Int
  @usableFromInline let countCell: UnsafeMutablePointer<Int>

  /// Bytes behind the last element that may be written and are never read: decoders write whole groups.
  private static var slackByteCount: Int { 4096 }

  /// Reserves room for `capacity` elements; no memory is used before it is written.
  ///
  /// - Parameter isReadAtRandom: once it is large, more of it comes in large pages.
  package init(capacity: Int, isReadAtRandom: Bool = false) {
    let byteCount = StableBuffer.reservedByteCount(capacity)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
      memory != MAP_FAILED
    else { preconditionFailure("cannot reserve \(byteCount) bytes of address space") }
    if isReadAtRandom {
      let small = min(byteCount, LargePages.byteCountMin)
      LargePages.advise(memory + small, byteCount: byteCount - small)
    }
    base = memory.bindMemory(to: Element.self, capacity: capacity)
    self.capacity = capacity
    countCell = .allocate(capacity: 1)
    countCell.initialize(to: 0)
  }

  deinit {
    countCell.deallocate()
    munmap(base, StableBuffer.reservedByteCount(capacity))
  }

  private static func reservedByteCount(_ capacity: Int) -> Int {
    capacity * MemoryLayout<Element>.stride + slackByteCount
  }

  @inlinable package var count: Int { countCell.pointee }

  /// Bytes of memory the elements occupy.
  package var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// The elements, valid until the buffer goes away.
  @inlinable package var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }

  @inlinable package subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    set {
      assert(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// Adds one element. The caller has checked that `count < capacity`.
  @inlinable package func append(_ element: Element) {
    let index = countCell.pointee
    precondition(index < capacity)
    base[index] = element
    countCell.pointee = index &+ 1
  }

  /// Adds `source`'s elements. The caller has checked that they fit.
  @inlinable package func append(contentsOf source: UnsafeBufferPointer<Element>) {
    precondition(source.count <= capacity &- count)
    guard let start = source.baseAddress else { return }
    (base + count).update(from: start, count: source.count)
    countCell.pointee &+= source.count
  }

  /// Makes room for `extra` elements and returns where they start; the caller writes them all.
  @inlinable package func grow(by extra: Int) -> UnsafeMutablePointer<Element> {
    precondition(extra >= 0 && extra <= capacity &- count)
    let start = base + count
    countCell.pointee &+= extra
    return start
  }

  /// Forgets the elements and keeps the memory.
  @inlinable package func removeAll() { countCell.pointee = 0 }
}
