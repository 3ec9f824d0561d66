// Runs a program to its end, and keeps what it wrote: the tests see what a shell would see.

import Glibc
import TestSupport

typealias Bytes = [UInt8]

struct Command {
  /// What a program left behind.
  struct Result {
    /// The exit code; 128 and the signal's number when a signal ended it, as in a shell.
    let code: Int32
    let output: Bytes
    let errors: Bytes

    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `program` and waits for it.
  ///
  /// - Parameter input: a file that becomes standard input.
  static func run(
    _ program: String, _ arguments: [String], input: String = "/dev/null"
  ) throws -> Result {
    // Files instead of pipes: nobody has to empty a pipe while the program runs.
    let scratch = TemporaryFolder()
    let (output, errors) = (scratch.file("output"), scratch.file("errors"))
    let process = try start(
      program, arguments, streams: Streams(input: input, output: output, errors: errors))
    let code = wait(for: process)
    return Result(code: code, output: try read(output), errors: try read(errors))
  }

  /// The files that a program reads and writes.
  struct Streams {
    var input = "/dev/null"
    var output = "/dev/null"
    var errors = "/dev/null"
  }

  /// Starts `program` and does not wait for it.
  static func start(
    _ program: String, _ arguments: [String], streams: Streams, environment: [String] = []
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of tests block signals, and a child would inherit that.
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams.input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, streams.output, writing, 0o644)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, streams.errors, writing, 0o644)
    var process: pid_t = 0
    let code = withCStrings([program] + arguments) { arguments in
      withCStrings(inherited + environment) { environment in
        posix_spawn(&process, program, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else {
      throw Failure(description: "cannot start \(program): \(String(cString: strerror(code)))")
    }
    return process
  }

  /// Waits for a process and answers how it ended.
  @discardableResult
  static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// The whole of a file.
  static func read(_ path: String) throws -> Bytes {
    guard let file = fopen(path, "r") else { throw Failure(description: "cannot read \(path)") }
    defer { fclose(file) }
    var bytes: Bytes = []
    var chunk = Bytes(repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Writes a file.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(description: "cannot write \(path)") }
    defer { fclose(file) }
    let all = Bytes(bytes)
    guard fwrite(all, 1, all.count, file) == all.count else {
      throw Failure(description: "cannot write \(path)")
    }
  }

  /// What programs need to know about where they run.
  private static let inherited: [String] = {
    let names: [String] = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"]
    return names.compactMap { name -> String? in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
  }()

  private static func withCStrings<Answer>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
  ) -> Answer {
    let pointers = texts.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return body(pointers + [nil])
  }
}
