// Values as they are, in the narrowest of 1, 2, 4 or 8 bytes: what every other codec must beat, and
// the oracle of their tests.
//
// SAFETY: callers pass payloads of at least `payloadByteCount` bytes and targets of at least
// `count` values.

enum PlainCodec {
  /// The width in bits that values up to `maximum` take.
  static func width(maximum: UInt64) -> UInt8 {
    switch UInt64.bitWidth - maximum.leadingZeroBitCount {
    case ...8: 8
    case ...16: 16
    case ...32: 32
    default: 64
    }
  }

  static func encode(
    _ values: UnsafeBufferPointer<UInt64>, width: UInt8, into payload: UnsafeMutableRawPointer
  ) {
    switch width {
    case 8: store(values, as: UInt8.self, into: payload)
    case 16: store(values, as: UInt16.self, into: payload)
    case 32: store(values, as: UInt32.self, into: payload)
    default: store(values, as: UInt64.self, into: payload)
    }
  }

  @inline(__always)
  private static func store<Target: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<UInt64>, as type: Target.Type,
    into payload: UnsafeMutableRawPointer
  ) {
    var row = 0
    while row < values.count {
      payload.storeBytes(
        of: Target(truncatingIfNeeded: values[row]), toByteOffset: row &* MemoryLayout<Target>.size,
        as: type)
      row &+= 1
    }
  }

  static func decode<Value: ColumnWord>(
    _ payload: UnsafeRawPointer, width: UInt8, count: Int, into target: UnsafeMutablePointer<Value>
  ) {
    switch width {
    case 8: copy(payload, as: UInt8.self, count: count, into: target)
    case 16: copy(payload, as: UInt16.self, count: count, into: target)
    case 32: copy(payload, as: UInt32.self, count: count, into: target)
    default: copy(payload, as: UInt64.self, count: count, into: target)
    }
  }

  static func value(_ payload: UnsafeRawPointer, width: UInt8, at row: Int) -> UInt64 {
    switch width {
    case 8: load(payload, as: UInt8.self, at: row)
    case 16: load(payload, as: UInt16.self, at: row)
    case 32: load(payload, as: UInt32.self, at: row)
    default: load(payload, as: UInt64.self, at: row)
    }
  }

  @inline(__always)
  private static func copy<Source: FixedWidthInteger & BitwiseCopyable, Value: ColumnWord>(
    _ payload: UnsafeRawPointer, as type: Source.Type, count: Int,
    into target: UnsafeMutablePointer<Value>
  ) {
    var row = 0
    while row < count {
      target[row] = load(payload, as: type, at: row)
      row &+= 1
    }
  }

  @inline(__always)
  private static func load<Source: FixedWidthInteger & BitwiseCopyable, Value: ColumnWord>(
    _ payload: UnsafeRawPointer, as type: Source.Type, at row: Int
  ) -> Value {
    let offset = row &* MemoryLayout<Source>.size
    return Value(truncatingIfNeeded: payload.loadUnaligned(fromByteOffset: offset, as: type))
  }
}
