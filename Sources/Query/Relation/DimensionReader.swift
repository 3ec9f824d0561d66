// From the codes of a dimension to the words of a vector.
//
// SAFETY: reads and writes below the row count it is given, for which both sides have room.

internal import Base
internal import Columnar

final class DimensionReader {
  let vector: Vector
  private let form: Form
  private let dimension: Dimension
  private let context: ShardContext

  private enum Form {
    /// Codes are words.
    case same
    /// Recipients of this shard.
    case marked(UInt64)
    /// 1 is no, 2 is yes.
    case flag
    case time
    /// The word of every code; the first is unused.
    case table([UInt64])
    /// Found when a code first comes.
    case single
  }

  init(_ dimension: Dimension, _ context: ShardContext) {
    self.dimension = dimension
    self.context = context
    let type = context.query.type(of: dimension)
    let snapshot = context.query.snapshot
    switch dimension {
    case .recipient:
      vector = Vector(.text, pool: .recipients(snapshot))
      form = .marked(UInt64(context.index) << 32)
    case .tracked: (vector, form) = (Vector(.boolean), .flag)
    case .time: (vector, form) = (Vector(.timestamp), .time)
    default:
      if type == .text, let dictionary = context.query.dictionary(of: dimension) {
        (vector, form) = (Vector(.text, pool: .dictionary(dictionary)), .same)
      } else {
        let isText = type == .text
        vector = Vector(type, pool: isText ? .interned(context.query.texts) : .none)
        form = DimensionReader.table(dimension, context).map { .table($0) } ?? .single
      }
    }
  }

  /// Tables larger than this cost more to make than they save.
  private static let tableCountMax = 1 << 16

  private static func table(_ dimension: Dimension, _ context: ShardContext) -> [UInt64]? {
    if let table = context.query.wholeNumbers(dimension) { return table }
    guard let count = context.query.codeCount(dimension, context.shard), count <= tableCountMax
    else { return nil }
    return (0..<count).map {
      context.query.word(dimension, Code($0), shard: context.shard)
    }
  }

  /// Fills the vector from codes.
  func read(_ codes: UnsafePointer<Code>, _ count: Int) {
    let (words, nulls) = (vector.words, vector.nulls)
    var row = 0
    while row < count {
      nulls[row] = codes[row] == 0 ? 1 : 0
      row &+= 1
    }
    switch form {
    case .same: words.update(from: codes, count: count)
    case .marked(let mark): for row in 0..<count { words[row] = codes[row] | mark }
    case .flag: for row in 0..<count { words[row] = codes[row] == 2 ? 1 : 0 }
    case .time: for row in 0..<count { words[row] = Cell.word(TimeBias.load(codes[row])) }
    case .table(let table):
      for row in 0..<count { words[row] = table[Int(truncatingIfNeeded: codes[row])] }
    case .single:
      for row in 0..<count {
        words[row] = context.query.word(dimension, codes[row], shard: context.shard)
      }
    }
  }
}
