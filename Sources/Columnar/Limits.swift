// Every limit of the storage side, with its reason.

package enum Limits {
  /// Values per block: one codec decision, one zone map, one decode into a scratch that stays in L1 (32 KiB of
  /// 64-bit values).
  package static let blockRowCount = 4096
  /// Values a decoder may write behind a block's end, so that its loops need no tail.
  package static let blockSlack = 32
  /// Rows per sealed segment: large enough that per-segment costs vanish, small enough that the rows being
  /// collected for it (9 MiB) and one decoded column (512 KiB) stay near the processor.
  package static let segmentRowCountMax = 131_072
  /// Shards of a data directory. A power of two; it decides where a recipient lives and is on disk.
  package static let shardCount = 16
  /// Milliseconds an event may be away from 1970: 8,900 years, more than four-digit years can write.
  package static let timeMagnitudeMax: Int64 = 1 << 48
  /// Messages of one shard: ordinals and their bitmaps stay 32-bit with room to spare.
  package static let messageCountMax = 1 << 27
  /// Strings of one dictionary.
  package static let dictionaryCountMax = 1 << 27
  /// Bytes of one dictionary's strings: ends are 32-bit.
  package static let dictionaryByteCountMax = Int(UInt32.max)
  /// Bytes of the keys of a shard's recipients: whichever of them are kept whole, what is stored of them, a byte more
  /// for each, has 32-bit ends.
  package static let keyByteCountMax = dictionaryByteCountMax - messageCountMax
  /// Strings of a dictionary that all shards share (campaigns, user agents, reasons, ...): these are small by
  /// nature, and a flood of made-up values must not fill the memory.
  package static let sharedDictionaryCountMax = 1 << 22
  /// Bytes of such a dictionary's strings and of where they end. Anybody can send values of 8 KiB, so the count alone
  /// would let a flood of them take 4 GiB; real ones take some megabytes.
  package static let sharedDictionaryByteCountMax = 256 << 20
}
