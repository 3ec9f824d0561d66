// Seeded property tests: every failure names the seed that reproduces it.

package import Base
internal import Glibc

/// Runs `body` on `count` seeds. `SEED=n` in the environment runs that one alone.
///
/// - Parameter body: the property; it receives a fresh generator and a line to print with a failure.
package func forAll(
  count: Int, seed first: UInt64 = 1, _ body: (inout PRNG, String) throws -> Void
) rethrows {
  if let text = getenv("SEED"), let seed = UInt64(String(cString: text)) {
    var random = PRNG(seed: seed)
    return try body(&random, "SEED=\(seed)")
  }
  for seed in first..<first + UInt64(count) {
    var random = PRNG(seed: seed)
    try body(&random, "SEED=\(seed)")
  }
}
