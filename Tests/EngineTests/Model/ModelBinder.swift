// Plain SQL's expressions, from the tree to something that can be evaluated: every operator by the letter of
// docs/SEMANTICS.md, "Types and operators".

import Query

struct ModelBinder {
  /// Where an expression stands, which decides what its names mean.
  enum Scope {
    /// In WHERE, GROUP BY, an aggregate: columns are the row's.
    case row
    /// In SELECT, HAVING and ORDER BY of a grouped query.
    case group(keys: [(expression: Expression, bound: ModelBound)], hasMeasures: Bool)
  }

  let database: ModelDatabase
  let table: ModelTable
  let settings: ModelSettings
  var scope = Scope.row

  func bind(_ expression: Expression) throws -> ModelBound {
    var bound = try bindOperator(expression)
    if bound.type == .text, ModelExpression.isConstant(expression),
      case .text(let text) = try bound.value(ModelContext())
    {
      bound.constant = text
    }
    return bound
  }

  private func bindOperator(_ expression: Expression) throws -> ModelBound {
    if case .group(let keys, _) = scope {
      for (index, key) in keys.enumerated() where isSame(expression, key.expression) {
        var bound = ModelBound(key.bound.type) { $0.key.isEmpty ? .null : $0.key[index] }
        bound.isAttribute = key.bound.isAttribute
        bound.words = key.bound.words
        return bound
      }
    }
    switch expression {
    case .literal(let literal, _):
      var bound = bind(literal)
      bound.isLiteralInterval = bound.type == .interval
      return bound
    case .column(let name): return try bind(name)
    case .negate(let term, _): return try negate(try bind(term))
    case .arithmetic(let operation, let left, let right, _):
      return try ModelArithmetic.bind(operation, try bind(left), try bind(right))
    case .concatenate(let left, let right, _): return concatenate(try bind(left), try bind(right))
    case .conditional(let operand, let branches, let otherwise, _):
      return try conditional(operand, branches, otherwise)
    case .call(let call): return try bind(call)
    case .extract(let field, let source, _):
      return try ModelFunctions.extract(field.text, try bind(source))
    case .cast(let term, let type, _): return try cast(try bind(term), to: type)
    default: return try condition(expression)
    }
  }

  /// Trees that differ only in how a column is named are the same.
  private func isSame(_ left: Expression, _ right: Expression) -> Bool {
    if case .column(let a) = left, case .column(let b) = right {
      guard let one = table.canonical(a), let other = table.canonical(b) else { return false }
      return one == other
    }
    return left == right
  }

  // MARK: Names and literals

  private func bind(_ literal: Literal) -> ModelBound {
    switch literal {
    case .null: ModelBound(nil, constant: .null)
    case .boolean(let value): ModelBound(.boolean, constant: .boolean(value))
    case .integer(let value): ModelBound(.integer, constant: .integer(Int(value)))
    case .number(let value): ModelBound(.number, constant: .number(value))
    case .text(let bytes):
      ModelBound(.text, constant: .text(String(decoding: bytes, as: UTF8.self)))
    case .timestamp(let time), .localTimestamp(let time):
      ModelBound(.timestamp, constant: .time(Int(time)))
    case .date(let days): ModelBound(.date, constant: .date(days * ModelTime.day))
    case .interval(let span):
      ModelBound(
        .interval,
        constant: .interval(months: span.months, milliseconds: Int(span.milliseconds)))
    }
  }

  private func bind(_ name: ColumnName) throws -> ModelBound {
    if case .group(_, let hasMeasures) = scope {
      guard hasMeasures, ModelMeasures.all.contains(name.text) else {
        throw ModelRefusal.nonsense("\(name.text) is no key")
      }
      return measure(name.text)
    }
    guard let column = table.canonical(name), let type = table.type(of: column) else {
      throw ModelRefusal.nonsense("no column \(name.text)")
    }
    var bound = ModelBound(type) { $0.row?.values[column] ?? .null }
    bound.isAttribute = column.contains(".")
    bound.words = ModelWords.of(column)
    return bound
  }

  private func measure(_ name: String) -> ModelBound {
    let measures = ModelMeasures(settings: settings)
    let isRate = ModelMeasures.isRate(name) && name != "population"
    let type = name == "revenue" ? ModelType.decimal : isRate ? .rate : .integer
    return ModelBound(type) { context in
      let value = measures.value(name, context.measured ?? ModelGroup(key: []))
      if name == "revenue", case .integer(let sum) = value { return .decimal(sum) }
      return value
    }
  }

  private func bind(_ call: Call) throws -> ModelBound {
    guard ModelAggregate.names.contains(call.name.text) else {
      guard !call.isStar, !call.isDistinct, call.filter == nil else {
        throw ModelRefusal.nonsense("\(call.name.text) is no aggregate")
      }
      let arguments = try call.arguments.map(bind)
      return try ModelFunctions.bind(call.name.text, arguments, now: database.now)
    }
    guard case .group = scope else { throw ModelRefusal.nonsense("an aggregate of one row") }
    var inner = self
    inner.scope = .row
    return try ModelAggregate.bind(call, inner)
  }

  // MARK: Operators

  private func negate(_ term: ModelBound) throws -> ModelBound {
    let term = try term.read(as: .number)
    guard let type = term.type else { return term }
    guard type.isNumeric || type == .interval else { throw ModelRefusal.nonsense("-\(type)") }
    return ModelBound(type == .rate ? .number : type) {
      ModelArithmetic.negated(try term.value($0))
    }
  }

  private func concatenate(_ left: ModelBound, _ right: ModelBound) -> ModelBound {
    ModelBound(.text) { context in
      let (a, b) = (try left.value(context), try right.value(context))
      return a == .null || b == .null ? .null : .text(a.csv + b.csv)
    }
  }

  private func cast(_ term: ModelBound, to target: CastType) throws -> ModelBound {
    let type: ModelType =
      switch target {
      case .text: .text
      case .integer: .integer
      case .number: .number
      case .boolean: .boolean
      case .timestamp: .timestamp
      case .date: .date
      }
    guard let source = term.type else { return ModelBound(type, constant: .null) }
    let isPossible =
      source == type || source == .text || type == .text
      || source.isNumeric && (type == .integer || type == .number)
      || source == .integer && type == .boolean || source == .boolean && type == .integer
      || source.isTime && type.isTime
    guard isPossible else { throw ModelRefusal.nonsense("\(source) as \(type)") }
    return ModelBound(type) { try term.value($0).cast(to: type) }
  }

  private func conditional(
    _ operand: Expression?, _ branches: [Branch], _ otherwise: Expression?
  ) throws -> ModelBound {
    let conditions = try branches.map { branch in
      guard let operand else { return try truth(of: branch.condition) }
      return try compare(.equal, try bind(operand), try bind(branch.condition))
    }
    var results = try branches.map { try bind($0.result) }
    results.append(try otherwise.map(bind) ?? ModelBound(nil, constant: .null))
    let joined = try ModelBound.joined(results)
    return ModelBound(joined.type) { context in
      for (index, condition) in conditions.enumerated()
      where try condition.value(context).truth == true {
        return try joined.results[index].value(context)
      }
      return try joined.results[conditions.count].value(context)
    }
  }

  // MARK: Conditions

  /// An expression that must be a condition.
  func truth(of expression: Expression) throws -> ModelBound {
    let bound = try bind(expression)
    guard bound.type == nil || bound.type == .boolean else {
      throw ModelRefusal.nonsense("\(bound.type ?? .text) is no condition")
    }
    return bound
  }

  private func condition(_ expression: Expression) throws -> ModelBound {
    switch expression {
    case .not(let term, _): return opposite(try truth(of: term))
    case .and(let terms, _): return connect(try terms.map(truth), deciding: false)
    case .or(let terms, _): return connect(try terms.map(truth), deciding: true)
    case .compare(let comparison, let left, let right, _):
      return try compare(comparison, try bind(left), try bind(right))
    case .isNull(let term, let isNegated, _):
      let term = try bind(term)
      return ModelBound(.boolean) { .boolean((try term.value($0) == .null) != isNegated) }
    case .isTruth(let term, let wanted, let isNegated, _):
      let term = try truth(of: term)
      return ModelBound(.boolean) { .boolean((try term.value($0).truth == wanted) != isNegated) }
    default: return try membership(expression)
    }
  }

  private func membership(_ expression: Expression) throws -> ModelBound {
    switch expression {
    case .between(let term, let low, let high, let isNegated, _):
      let term = try bind(term)
      let sides = [
        try compare(.greaterOrEqual, term, try bind(low)),
        try compare(.lessOrEqual, term, try bind(high)),
      ]
      let inside = connect(sides, deciding: false)
      return isNegated ? opposite(inside) : inside
    case .inList(let term, let elements, let isNegated, _):
      let term = try bind(term)
      let isIn = connect(
        try elements.map { try compare(.equal, term, try bind($0)) }, deciding: true)
      return isNegated ? opposite(isIn) : isIn
    case .inQuery(let term, let query, let isNegated, _):
      let answer = try ModelSelect(query, database, settings).answer()
      let type = answer.types[0]
      let term = try bind(term)
      let elements = answer.rows.map { ModelBound(type, constant: $0[0]) }.map { element in
        var element = element
        element.constant = nil
        return element
      }
      // An answer without rows has a type all the same.
      _ = try ModelBound.alike(term, ModelBound(type) { _ in .null })
      let isIn = connect(try elements.map { try compare(.equal, term, $0) }, deciding: true)
      return isNegated ? opposite(isIn) : isIn
    case .like(let term, let pattern, let ignoresCase, let isNegated, _):
      let (term, pattern) = (try bind(term), try bind(pattern))
      for side in [term, pattern] where side.type != nil && side.type != .text {
        throw ModelRefusal.nonsense("LIKE takes texts")
      }
      return ModelBound(.boolean) { context in
        guard case .text(let text) = try term.value(context),
          case .text(let pattern) = try pattern.value(context)
        else { return .null }
        return .boolean(text.isLike(pattern, ignoresCase: ignoresCase) != isNegated)
      }
    default: preconditionFailure("no expression is left: \(expression)")
    }
  }

  private func opposite(_ term: ModelBound) -> ModelBound {
    ModelBound(.boolean) { ModelValue(try term.value($0).truth.map { !$0 }) }
  }

  /// AND if `false` decides, OR if `true` does.
  private func connect(_ terms: [ModelBound], deciding: Bool) -> ModelBound {
    ModelBound(.boolean) { context in
      let truths = try terms.map { try $0.value(context).truth }
      if truths.contains(deciding) { return .boolean(deciding) }
      return truths.contains(nil) ? .null : .boolean(!deciding)
    }
  }

  private func compare(
    _ comparison: Comparison, _ left: ModelBound, _ right: ModelBound
  ) throws -> ModelBound {
    if comparison == .equal || comparison == .notEqual { try ModelWords.check(left, right) }
    let (left, right) = try ModelBound.alike(left, right)
    return ModelBound(.boolean) { context in
      guard let order = try left.value(context).order(to: try right.value(context)) else {
        return .null
      }
      switch comparison {
      case .equal: return .boolean(order == 0)
      case .notEqual: return .boolean(order != 0)
      case .less: return .boolean(order < 0)
      case .lessOrEqual: return .boolean(order <= 0)
      case .greater: return .boolean(order > 0)
      case .greaterOrEqual: return .boolean(order >= 0)
      }
    }
  }
}
