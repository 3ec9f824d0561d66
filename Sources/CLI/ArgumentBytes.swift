// Arguments as they were given. Swift mends what is no UTF-8, and a key must be named byte by byte.
//
// SAFETY: the arguments are terminated texts that the system made; they stay where they are as long as the process.

internal import Glibc

enum ArgumentBytes {
  /// The arguments that were given for `texts`: themselves, or before they were mended.
  static func given(for texts: [String]) -> [[UInt8]] {
    let mended = texts.filter { $0.unicodeScalars.contains("\u{FFFD}") }.map { Array($0.utf8) }
    if mended.isEmpty { return texts.map { Array($0.utf8) } }
    // Several keys may look alike once they are mended; all of them are arguments.
    let given = all.filter { mended.contains(Array(String(decoding: $0, as: UTF8.self).utf8)) }
    return texts.map { Array($0.utf8) }.filter { !mended.contains($0) } + given
  }

  private static var all: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      CommandLine.unsafeArgv[index].map { text in
        Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      }
    }
  }
}
