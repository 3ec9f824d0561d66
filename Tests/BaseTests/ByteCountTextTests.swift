// Amounts of memory, as options state them.

import Base
import Testing

@Suite struct ByteCountTextTests {
  @Test(arguments: [
    ("0", 0), ("500000", 500_000), ("256MB", 256 << 20), ("256m", 256 << 20), ("2GiB", 2 << 30),
    ("1kb", 1024), ("3T", 3 << 40), ("7B", 7),
  ])
  func anAmountIsANumberAndAUnit(text: String, byteCount: Int) {
    #expect(ByteCountText.parse(text) == byteCount)
  }

  @Test(arguments: [
    "", "MB", "-1", "1.5GB", "1 GB", "256MBs", "99999999999999999999", "9999999TB", "9007199255g",
  ])
  func everythingElseIsNone(text: String) {
    #expect(ByteCountText.parse(text) == nil)
  }
}
