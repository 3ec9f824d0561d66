// How thorough a run is: `BEACON_CASES=20` does twenty times as many cases, and the large ones.

internal import Glibc

package enum Cases {
  /// Whether somebody asked for a long run.
  package static var isThorough: Bool { factor > 1 }

  /// `count` for an ordinary run, more for a long one.
  package static func count(_ count: Int) -> Int { count * factor }

  private static let factor: Int = {
    guard let text = getenv("BEACON_CASES") else { return 1 }
    return max(1, Int(String(cString: text)) ?? 1)
  }()
}
