// A growing array whose elements never move: address space is reserved once, memory arrives page by page as it
// is touched. Growing copies nothing, and a reader that knows a count may read that prefix while more is
// appended behind it.
//
// SAFETY: `base` is valid for `capacity` elements for as long as the buffer lives. Elements are trivial types;
// only those below `count` were written. One writer at a time; who shares a buffer says how.

internal import Glibc

package final class StableBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  package let base: UnsafeMutablePointer<Element>
  package let capacity: Int
  package private(set) var count = 0

  /// Reserves room for `capacity` elements; no memory is used before it is written.
  package init(capacity: Int) {
    let byteCount = max(capacity, 1) * MemoryLayout<Element>.stride
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
      memory != MAP_FAILED
    else { preconditionFailure("cannot reserve \(byteCount) bytes of address space") }
    base = memory.bindMemory(to: Element.self, capacity: capacity)
    self.capacity = capacity
  }

  deinit { munmap(base, max(capacity, 1) * MemoryLayout<Element>.stride) }

  /// Bytes of memory the elements occupy.
  package var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// The elements, valid until the buffer goes away.
  package var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }

  package subscript(index: Int) -> Element {
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
  package func append(_ element: Element) {
    precondition(count < capacity)
    base[count] = element
    count &+= 1
  }

  /// Adds `source`'s elements. The caller has checked that they fit.
  package func append(contentsOf source: UnsafeBufferPointer<Element>) {
    precondition(source.count <= capacity - count)
    guard let start = source.baseAddress else { return }
    (base + count).update(from: start, count: source.count)
    count += source.count
  }

  /// Makes room for `extra` elements and returns where they start; the caller writes them all.
  package func grow(by extra: Int) -> UnsafeMutablePointer<Element> {
    precondition(extra >= 0 && extra <= capacity - count)
    count += extra
    return base + (count - extra)
  }

  /// Forgets the elements and keeps the memory.
  package func removeAll() { count = 0 }
}
