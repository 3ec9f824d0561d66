// Pages of two megabytes for large areas that are read at random: each place then costs one miss, where small pages
// cost a second one for the page's own address.
//
// SAFETY: advice changes where memory comes from and never what is in it; the address is rounded up to a whole page,
// and what is left is inside the area.

internal import Glibc

package enum LargePages {
  /// Smaller areas had better not have them: a large page is there as a whole, however little of it is used.
  package static let byteCountMin = 8 << 20
  private static let pageByteCount = 2 << 20

  /// Asks the system to back an area so, where nothing was written yet. Where it cannot, all stays as it is.
  package static func advise(_ area: UnsafeMutableRawPointer, byteCount: Int) {
    let start = area.alignedUp(toMultipleOf: pageByteCount)
    let rest = byteCount - area.distance(to: start)
    if rest >= pageByteCount { madvise(start, rest, MADV_HUGEPAGE) }
  }
}
