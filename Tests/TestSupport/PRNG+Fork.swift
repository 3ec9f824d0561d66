// A generator beside another one, which does not change what the other one draws.

package import Base

extension PRNG {
  /// An independent generator: the same parent and label give the same child, whatever was drawn between.
  package func fork(_ label: UInt64) -> PRNG { PRNG(seed: Hash.of(state, label)) }
}
