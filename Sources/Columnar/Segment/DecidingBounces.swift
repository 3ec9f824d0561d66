// Of each message of a shard that bounced, the bounce that decides: the last one, and of those at one moment the one
// whose class, code and reason are the smallest texts. Few messages have one.

package import Base

package struct DecidingBounces: Sendable {
  /// The messages that have one.
  private var members: Bitmap
  private var bounces: [Int: Bounce] = [:]

  init(count: Int) { members = Bitmap(count: count) }

  package struct Bounce: Equatable, Sendable {
    /// Biased.
    package var time: UInt64
    package var bounceClass: BounceClass
    /// Codes in their dictionaries, plus one; 0 for none.
    package var code: UInt32
    package var reason: UInt32
  }

  /// Bytes of memory.
  var byteCount: Int {
    members.byteCount + bounces.capacity * MemoryLayout<(Int, Bounce)>.stride
  }

  package subscript(message: Int) -> Bounce? {
    members.contains(message) ? bounces[message] : nil
  }

  /// Makes room for messages that are new.
  mutating func grow(to count: Int) { members.grow(to: count) }

  /// Takes a bounce; false when another one decides.
  mutating func add(_ bounce: Bounce, of message: Int, _ rules: Rules) -> Bool {
    if let known = self[message], !rules.decides(bounce, over: known) { return false }
    members.insert(message)
    bounces[message] = bounce
    return true
  }

  /// Takes the bounces of a segment. `body` learns of each that decides.
  mutating func add(
    _ segment: Segment, _ rules: Rules, _ body: (_ message: Int) -> Void = { _ in }
  ) {
    let rows = segment.rows(ofKind: EventKind.bounced.rawValue)
    // Of a segment on disk the columns would be read for nothing.
    if rows.isEmpty { return }
    let numbers = rows.map { UInt32($0) }
    let codes = segment[.code].values(of: numbers)
    let reasons = segment[.reason].values(of: numbers)
    let classes = segment[.bounceClass].values(of: numbers)
    segment.forEachRow(of: .bounced) { message, time, row in
      let place = row - rows.lowerBound
      let code = UInt32(truncatingIfNeeded: codes[place])
      let stated = UInt8(truncatingIfNeeded: classes[place])
      let bounce = Bounce(
        time: time, bounceClass: rules.effectiveClass(stated: stated, code: code), code: code,
        reason: UInt32(truncatingIfNeeded: reasons[place]))
      if add(bounce, of: message, rules) { body(message) }
    }
  }

  /// How bounces are read: the class of a code, and which of two texts is smaller.
  package struct Rules: Sendable {
    package var classes: [BounceClass]
    package var codes: DictionaryPrefix
    package var reasons: DictionaryPrefix

    package init(classes: [BounceClass], codes: DictionaryPrefix, reasons: DictionaryPrefix) {
      self.classes = classes
      self.codes = codes
      self.reasons = reasons
    }

    /// The class of a bounce with this stated class and code; never `unspecified`.
    package func effectiveClass(stated: UInt8, code: UInt32) -> BounceClass {
      if let stated = BounceClass(rawValue: stated), stated != .unspecified { return stated }
      guard code != 0, Int(code) <= classes.count else { return .unknown }
      let ruled = classes[Int(code) - 1]
      return ruled == .unspecified ? .unknown : ruled
    }

    /// Whether `candidate` decides over what is known.
    fileprivate func decides(_ candidate: Bounce, over known: Bounce) -> Bool {
      guard candidate.time == known.time else { return candidate.time > known.time }
      if candidate.bounceClass != known.bounceClass {
        return ByteSlice(text: candidate.bounceClass.name)
          .isOrderedBefore(ByteSlice(text: known.bounceClass.name))
      }
      if candidate.code != known.code { return isSmaller(candidate.code, known.code, codes) }
      return isSmaller(candidate.reason, known.reason, reasons)
    }

    private func isSmaller(
      _ left: UInt32, _ right: UInt32, _ dictionary: DictionaryPrefix
    ) -> Bool {
      if left == 0 || right == 0 { return left == 0 && right != 0 }
      return dictionary[left - 1].isOrderedBefore(dictionary[right - 1])
    }
  }
}
