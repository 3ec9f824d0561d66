// Which requests are hits, and where their fields are: the meaning of a routes file.
// docs/formats/access-logs.md has the grammar; RoutesParser reads it, RouteMatcher applies it.

package import Base

/// An ordered list of routes; the first that fits a request's path and method decides.
package struct Routes: Sendable, Equatable {
  /// The routes in the order of the file.
  package let routes: [Route]

  init(routes: [Route]) { self.routes = routes }

  /// Reads a routes file.
  ///
  /// - Throws: `RoutesError` with the line and what to do about it.
  package init(text: ByteSlice) throws(RoutesError) {
    self.init(routes: try RoutesParser.parse(text))
  }

  /// The routes without a file, as a file would have them.
  package static let standardText = """
    open        GET,HEAD /o?c={campaign}&r={recipient}&s={send}&v={variant}
    open        GET,HEAD /o/{campaign}/{recipient}.gif
    open        GET,HEAD /o/{campaign}/{recipient}/{send}.gif
    click       GET,HEAD /c?c={campaign}&r={recipient}&l={link}&s={send}&v={variant}
    click       GET,HEAD /c/{campaign}/{recipient}/{link}
    unsubscribe POST     /u?c={campaign}&r={recipient}&s={send}&reason={reason}
    convert     GET      /v?c={campaign}&r={recipient}&s={send}&value={value}&currency={currency}
    """

  /// The routes without a file.
  package static let standard: Routes = {
    do {
      return try Array(standardText.utf8).withUnsafeBufferPointer { buffer throws(RoutesError) in
        try Routes(text: ByteSlice(buffer))
      }
    } catch {
      preconditionFailure("the standard routes do not parse: \(error)")
    }
  }()
}

/// One line of a routes file.
package struct Route: Sendable, Equatable {
  package var kind: EventKind
  var methods: HitMethods
  var statuses: StatusSet
  /// The segments of the path behind its leading slash, at least one.
  var segments: [RouteSegment]
  var keys: [RouteKey] = []
  var constants: [RouteConstant] = []
  /// Whether the recipient is the client's address.
  var takesAddress = false

  /// The fields that the pattern names.
  var namedFields: [RouteField] {
    segments.compactMap(\.field) + keys.map(\.field)
  }
}

/// One segment of a path pattern: text, or a field (or a wildcard) with text around it.
struct RouteSegment: Sendable, Equatable {
  enum Shape: Sendable, Equatable {
    /// Only `prefix`.
    case text
    /// Anything up to the next slash, between `prefix` and `suffix`.
    case segment
    /// Anything up to the end of the path, between `prefix` and `suffix`.
    case tail
  }

  var shape: Shape
  var prefix: [UInt8]
  var suffix: [UInt8] = []
  /// Nil: what matches is not kept.
  var field: RouteField?
}

/// A query key and the field that its value fills.
struct RouteKey: Sendable, Equatable {
  var name: [UInt8]
  var field: RouteField
}

struct RouteConstant: Sendable, Equatable {
  var field: RouteField
  var value: [UInt8]
}

/// What a request can say. Raw values index the matcher's captures.
enum RouteField: UInt8, CaseIterable, Sendable {
  case campaign = 0
  case recipient = 1
  case send = 2
  case variant = 3
  case link = 4
  case reason = 5
  case value = 6
  case currency = 7

  var bit: UInt32 { 1 << UInt32(rawValue) }
}

/// A set of request methods.
struct HitMethods: OptionSet, Sendable {
  let rawValue: UInt8

  static let get = HitMethods(rawValue: 1)
  static let head = HitMethods(rawValue: 2)
  static let post = HitMethods(rawValue: 4)
  static let put = HitMethods(rawValue: 8)
}

/// A set of HTTP status codes below 1000.
struct StatusSet: Sendable, Equatable {
  private(set) var words = [UInt64](repeating: 0, count: 16)

  init(_ ranges: [ClosedRange<Int>]) {
    for range in ranges {
      for status in range { words[status / 64] |= 1 << UInt64(status % 64) }
    }
  }
}

/// What is wrong with a routes file.
package struct RoutesError: Error, Equatable, CustomStringConvertible {
  /// The line, counted from 1.
  package let line: Int
  /// What is wrong and what to write instead.
  package let message: String

  package var description: String { "line \(line): \(message)" }
}
