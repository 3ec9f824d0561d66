// How thorough a run is. Optimised builds do more cases than debug builds, which spend their time on assertions;
// `BEACON_CASES=20` does twenty times as many in either, and the large ones.

internal import Glibc

package enum Cases {
  /// Whether somebody asked for a long run.
  package static var isThorough: Bool { requested > 1 }

  /// `count` for an ordinary debug run, more for others.
  package static func count(_ count: Int) -> Int { count * requested * optimized }

  /// `debug` cases for an ordinary debug run, `optimized` for others.
  package static func count(debug: Int, optimized count: Int) -> Int {
    (optimized == 1 ? debug : count) * requested
  }

  #if DEBUG
    private static let optimized = 1
  #else
    private static let optimized = 5
  #endif

  private static let requested: Int = {
    guard let text = getenv("BEACON_CASES") else { return 1 }
    return max(1, Int(String(cString: text)) ?? 1)
  }()
}
