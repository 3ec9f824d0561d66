// The integer types a column decodes into. Hot loops are generic over them and specialised for both.

package protocol ColumnWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt32: ColumnWord {}
extension UInt64: ColumnWord {}
