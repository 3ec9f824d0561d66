// What stood before each value of the lines before: `{"time":`, `,"kind":`, and which field that is. Lines of one file
// have the same members in the same order, so comparing two words takes the place of reading a key and looking it up.
//
// SAFETY: a member has room for `prefixByteCountMax` bytes, and longer prefixes are not learned. Members beyond the
// last one are neither read nor written.

internal import Base

final class LineShape {
  private static let memberCountMax = 32
  private static let prefixByteCountMax = 64

  private struct Member {
    var prefixByteCount = 0
    var field: EventField?
  }

  private let members: UnsafeMutablePointer<Member>
  private let bytes: UnsafeMutablePointer<UInt8>

  init() {
    members = .allocate(capacity: LineShape.memberCountMax)
    members.initialize(repeating: Member(), count: LineShape.memberCountMax)
    bytes = .allocate(capacity: LineShape.memberCountMax * LineShape.prefixByteCountMax)
  }

  deinit {
    members.deallocate()
    bytes.deallocate()
  }

  /// What stood before the value of the member at `index`; empty when that is not known.
  @inline(__always)
  func prefix(_ index: Int) -> ByteSlice {
    guard index < LineShape.memberCountMax else { return ByteSlice(bytes, count: 0) }
    return ByteSlice(
      bytes + index &* LineShape.prefixByteCountMax, count: members[index].prefixByteCount)
  }

  /// The field of the member at `index`, whose prefix is known.
  @inline(__always)
  func field(_ index: Int) -> EventField? { members[index].field }

  /// Remembers a member for the next line.
  func learn(_ index: Int, _ prefix: ByteSlice, _ field: EventField?) {
    guard index < LineShape.memberCountMax, prefix.count <= LineShape.prefixByteCountMax else {
      return
    }
    (bytes + index &* LineShape.prefixByteCountMax).update(from: prefix.base, count: prefix.count)
    members[index] = Member(prefixByteCount: prefix.count, field: field)
  }
}
