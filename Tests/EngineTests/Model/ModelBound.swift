// An expression whose names are looked up and whose type is known, ready to be evaluated.

/// What an expression is evaluated for: a row, or a group with its rows.
struct ModelContext {
  var row: ModelTableRow?
  var rows: [ModelTableRow] = []
  var key: [ModelValue] = []
  /// What measures count, in a query that has some.
  var measured: ModelGroup?
}

struct ModelBound {
  /// Nil where the value is always NULL.
  var type: ModelType?
  /// The text, if the expression is one without columns.
  var constant: String?
  /// Whether it is an attribute, whose type follows from its values.
  var isAttribute = false
  /// What its texts are among; nil where any text may stand.
  var words: [String]?
  /// Whether it is an interval in quotes, which keeps its months beside a time.
  var isLiteralInterval = false
  var value: (ModelContext) throws -> ModelValue

  init(_ type: ModelType?, _ value: @escaping (ModelContext) throws -> ModelValue) {
    self.type = type
    self.value = value
  }

  init(_ type: ModelType?, constant value: ModelValue) {
    self.type = type
    if case .text(let text) = value { constant = text }
    self.value = { _ in value }
  }

  func cast(to type: ModelType) -> ModelBound {
    if self.type == type { return self }
    let inner = value
    return ModelBound(type) { try inner($0).cast(to: type) }
  }

  /// Text as it is read beside a value of another type.
  func read(beside other: ModelBound) throws -> ModelBound {
    guard let type = other.type else { return self }
    guard let text = constant else {
      if type.isNumeric { return cast(to: .number) }
      if type.isTime { return cast(to: .timestamp) }
      if type == .boolean { return cast(to: .boolean) }
      throw ModelRefusal.nonsense("text beside \(type)")
    }
    if type.isNumeric {
      if let whole = ModelReading.integer(text) {
        return ModelBound(.integer, constant: .integer(whole))
      }
      if let number = ModelReading.number(text) {
        return ModelBound(.number, constant: .number(number))
      }
    }
    if type.isTime, let time = ModelReading.time(text) {
      return ModelBound(.timestamp, constant: .time(time))
    }
    if type == .boolean, let truth = ModelReading.boolean(text) {
      return ModelBound(.boolean, constant: .boolean(truth))
    }
    guard other.isAttribute, type != .interval else {
      throw ModelRefusal.nonsense("'\(text)' is no \(type)")
    }
    return ModelBound(type.isNumeric ? .number : type, constant: .null)
  }

  /// Text as it is read where only another type makes sense.
  func read(as type: ModelType) throws -> ModelBound {
    guard self.type == .text else { return self }
    return try read(beside: ModelBound(type, constant: .null)).cast(to: type)
  }

  /// Two sides of a comparison in types that compare.
  static func alike(_ left: ModelBound, _ right: ModelBound) throws -> (ModelBound, ModelBound) {
    guard let one = left.type, let other = right.type, one != other else { return (left, right) }
    if one == .text { return try alike(try left.read(beside: right), right) }
    if other == .text { return try alike(left, try right.read(beside: left)) }
    if one.isNumeric && other.isNumeric { return (left, right) }
    if one.isTime && other.isTime {
      return (left.cast(to: .timestamp), right.cast(to: .timestamp))
    }
    throw ModelRefusal.nonsense("\(one) beside \(other)")
  }

  /// Results that stand for one another, in one type.
  static func joined(_ results: [ModelBound]) throws -> (type: ModelType?, results: [ModelBound]) {
    var type: ModelType?
    var example: ModelBound?
    for result in results where result.constant == nil {
      guard let next = result.type else { continue }
      guard let both = (type ?? next).joined(with: next) else {
        throw ModelRefusal.nonsense("\(next) and \(type ?? next) as results")
      }
      type = both
      if example?.isAttribute ?? true { example = result }
    }
    let common = type
    if common == .integer, let example, example.isAttribute,
      results.compactMap(\.constant).contains(where: { ModelReading.integer($0) == nil })
    {
      return (.text, results.map { $0.type == nil ? $0 : $0.cast(to: .text) })
    }
    let read = try results.map { result in
      guard let text = result.constant, let common, common != .text else { return result }
      if common == .date, let day = ModelReading.day(text) {
        return ModelBound(.date, constant: .date(day))
      }
      guard let example else { return result }
      return try result.read(beside: example)
    }
    for result in read {
      guard let next = result.type else { continue }
      type = (type ?? next).joined(with: next)
    }
    guard let type else { return (nil, read) }
    return (type, read.map { $0.type == nil ? $0 : $0.cast(to: type) })
  }
}
