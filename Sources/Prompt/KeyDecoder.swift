// Bytes of a terminal as keys: control bytes, escape sequences of the usual terminals, and UTF-8.

internal import Base

package struct KeyDecoder: Sendable {
  private enum State: Equatable {
    case ground
    /// After ESC.
    case escape
    /// After ESC [, with the parameters so far.
    case sequence([UInt8])
    /// After ESC O.
    case shifted
    /// In a character of several bytes: those so far, and how many are to come.
    case character([UInt8], Int)
  }

  private static let escapeByte: UInt8 = 0x1B
  /// Longer sequences are none that anybody sends.
  private static let sequenceByteCountMax = 16

  private var state = State.ground

  package init() {}

  /// Takes a byte; the key that it completes, if it is one that means anything.
  package mutating func feed(_ byte: UInt8) -> Key? {
    let previous = state
    state = .ground
    switch previous {
    case .ground: return ground(byte)
    case .escape: return escape(byte)
    case .shifted: return KeyDecoder.cursorKey(byte)
    case .sequence(let parameters): return sequence(parameters, byte)
    case .character(let bytes, let restCount): return character(bytes, restCount, byte)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Key? {
    switch byte {
    case KeyDecoder.escapeByte:
      state = .escape
      return nil
    case 0x20..<0x7F: return .character(Character(Unicode.Scalar(byte)))
    case 0xC2...0xDF: state = .character([byte], 1)
    case 0xE0...0xEF: state = .character([byte], 2)
    case 0xF0...0xF4: state = .character([byte], 3)
    default: return KeyDecoder.controlKey(byte)
    }
    return nil
  }

  private mutating func escape(_ byte: UInt8) -> Key? {
    switch byte {
    case ASCII.openBracket: state = .sequence([])
    case UInt8(ascii: "O"): state = .shifted
    case UInt8(ascii: "b"): return .wordLeft
    case UInt8(ascii: "f"): return .wordRight
    case ASCII.delete: return .killWord
    case KeyDecoder.escapeByte: state = .escape
    default: return nil
    }
    return nil
  }

  private mutating func sequence(_ parameters: [UInt8], _ byte: UInt8) -> Key? {
    if (0x20..<0x40).contains(byte), parameters.count < KeyDecoder.sequenceByteCountMax {
      state = .sequence(parameters + [byte])
      return nil
    }
    let text = String(decoding: parameters, as: UTF8.self)
    // `5` is Ctrl, `3` is Alt.
    let movesWord = text.hasSuffix(";5") || text.hasSuffix(";3")
    switch (byte, text) {
    case (UInt8(ascii: "C"), _) where movesWord: return .wordRight
    case (UInt8(ascii: "D"), _) where movesWord: return .wordLeft
    case (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): return .home
    case (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): return .end
    case (UInt8(ascii: "~"), "3"): return .delete
    default: return KeyDecoder.cursorKey(byte)
    }
  }

  private mutating func character(_ bytes: [UInt8], _ restCount: Int, _ byte: UInt8) -> Key? {
    // The character was cut short, and this begins something else.
    guard byte & 0xC0 == 0x80 else { return ground(byte) }
    let all = bytes + [byte]
    guard restCount == 1 else {
      state = .character(all, restCount - 1)
      return nil
    }
    guard let text = String(validating: all, as: UTF8.self), let character = text.first else {
      return nil
    }
    return .character(character)
  }

  private static func cursorKey(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    default: nil
    }
  }

  /// Ctrl and a letter is the letter's place in the alphabet.
  private static func controlKey(_ byte: UInt8) -> Key? {
    switch byte {
    case 1: .home
    case 2: .left
    case 3: .interrupt
    case 4: .endOfInput
    case 5: .end
    case 6: .right
    case 8, ASCII.delete: .backspace
    case ASCII.tab: .tab
    case ASCII.newline, ASCII.carriageReturn: .enter
    case 11: .killToEnd
    case 12: .clearScreen
    case 14: .down
    case 16: .up
    case 21: .killToStart
    case 23: .killWord
    default: nil
    }
  }
}
