// How old events may become, by kind. Ages are whole days, and they end at midnight UTC: so what is removed depends on
// the day and not on the moment.

internal import Base
internal import Columnar

package struct RetentionPolicy: Equatable, Sendable {
  /// An age that cannot be read; a sentence for people.
  package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  private enum Age: Equatable {
    case days(Int)
    case forever
  }

  /// Of the kinds that have none of their own.
  private var common = Age.forever
  private var ages: [EventKind: Age] = [:]

  /// Everything is kept for ever.
  package init() {}

  /// Whether nothing ever goes.
  package var isForever: Bool { EventKind.allCases.allSatisfy { age(of: $0) == .forever } }

  /// Sets an age, in whatever order.
  ///
  /// - Parameters:
  ///   - text: `100d`, or `forever`.
  ///   - kind: a kind's name; nil for all that have no age of their own.
  package mutating func set(_ text: String, kind name: String? = nil) throws(Failure) {
    let age = try RetentionPolicy.age(text)
    guard let name else {
      common = age
      return
    }
    guard let kind = EventKind.allCases.first(where: { "\($0.name)" == name }) else {
      let names = EventKind.allCases.map { "\($0.name)" }.joined(separator: ", ")
      throw Failure(description: "there is no kind '\(name)': kinds are \(names)")
    }
    ages[kind] = age
  }

  /// The earliest times that stay at `now` (UTC milliseconds).
  func cutoffs(at now: Int64) -> TimeCutoffs {
    var cutoffs = TimeCutoffs()
    let today = CivilTime.floorDivide(now, CivilTime.millisecondsPerDay)
    for kind in EventKind.allCases {
      guard case .days(let days) = age(of: kind) else { continue }
      cutoffs.keep(kind, from: (today - Int64(days)) * CivilTime.millisecondsPerDay)
    }
    return cutoffs
  }

  private func age(of kind: EventKind) -> Age { ages[kind] ?? common }

  /// A hundred years: more is a slip of the finger.
  private static let dayCountMax = 36_525

  private static func age(_ text: String) throws(Failure) -> Age {
    if text == "forever" { return .forever }
    guard text.hasSuffix("d"), let days = Int(text.dropLast()), (1...dayCountMax).contains(days),
      "\(days)d" == text
    else {
      throw Failure(
        description: "an age is 1d to \(dayCountMax)d (days) or forever, not '\(text)'")
    }
    return .days(days)
  }
}
