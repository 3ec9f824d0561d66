// A real nginx with a configuration of its own in a folder of its own, on a free port of the loopback.

import Glibc
import TestSupport

struct NginxServer {
  /// A log format: its name in Beacon, what nginx needs to know about it, and whether it shows user agents.
  struct LogFormat {
    let name: String
    /// Nil for the format that nginx has built in.
    let definition: String?
    let hasAgent: Bool
  }

  /// Every format of docs/formats/access-logs.md that nginx can write; the JSON one is taken from the page.
  static func logFormats(page: String) throws -> [LogFormat] {
    let recommended = page.split(separator: "    log_format beacon ").dropFirst().first
    guard let json = recommended?.prefix(while: { $0 != ";" }) else {
      throw Command.Failure(description: "the page recommends no log_format any more")
    }
    let common = #"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent"#
    let agent = #""$http_referer" "$http_user_agent""#
    return [
      LogFormat(name: "combined", definition: nil, hasAgent: true),
      LogFormat(name: "nginx_json", definition: String(json), hasAgent: true),
      LogFormat(
        name: "vhost_combined", definition: "'$host:$server_port \(common) \(agent)'",
        hasAgent: true),
      LogFormat(name: "common", definition: "'\(common)'", hasAgent: false),
    ]
  }

  let port: Int
  let hasIPv6: Bool
  private let process: pid_t

  /// Starts a server that writes one log per format, named after it, into `folder`.
  ///
  /// - Parameter logs: more logs, as the configuration has them.
  init(folder: TemporaryFolder, formats: [LogFormat], logs: [String] = []) throws {
    let program = try Programs.find("nginx", package: "nginx-light")
    let hasIPv6 = LoopbackPort.hasIPv6
    // A free port may be taken before nginx has it; then the next one will do.
    for _ in 0..<5 {
      let port = try LoopbackPort.free()
      let address = (port: port, hasIPv6: hasIPv6)
      let text = NginxServer.configuration(folder, formats, logs, address)
      let path = folder.write("nginx.conf", text)
      let process = try Command.start(
        program, ["-p", folder.path, "-c", path, "-e", folder.file("error.log")],
        streams: Command.Streams(errors: folder.file("nginx.stderr")), environment: ["TZ=BCN-5:30"])
      if NginxServer.answers(port: port, process: process) {
        self.port = port
        self.hasIPv6 = hasIPv6
        self.process = process
        return
      }
      kill(process, SIGKILL)
      Command.wait(for: process)
    }
    let reason = String(decoding: try Command.read(folder.file("nginx.stderr")), as: UTF8.self)
    throw Command.Failure(description: "nginx does not start: \(reason)")
  }

  /// Stops the server; its logs are complete afterwards.
  func stop() {
    kill(process, SIGQUIT)
    Command.wait(for: process)
  }

  private static func answers(port: Int, process: pid_t) -> Bool {
    for _ in 0..<1_000 {
      if LoopbackPort.canConnect(port) { return true }
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process { return false }
      usleep(10_000)
    }
    return false
  }

  private static func configuration(
    _ folder: TemporaryFolder, _ formats: [LogFormat], _ moreLogs: [String],
    _ address: (port: Int, hasIPv6: Bool)
  ) -> String {
    let (port, hasIPv6) = address
    let definitions = formats.map { format in
      format.definition.map { "log_format \(format.name) \($0);" } ?? ""
    }
    let logs = formats.map { "access_log \(folder.file($0.name)).log \($0.name);" } + moreLogs
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
      "\($0)_temp_path \(folder.path)/temporary;"
    }
    return """
      daemon off;
      master_process off;
      pid \(folder.path)/nginx.pid;
      error_log \(folder.path)/error.log;
      events {}
      http {
        \(temporary.joined(separator: "\n  "))
        \(definitions.joined(separator: "\n  "))
        \(logs.joined(separator: "\n  "))
        large_client_header_buffers 4 32k;
        server {
          listen 127.0.0.1:\(port);
          \(hasIPv6 ? "listen [::1]:\(port) ipv6only=on;" : "")
          location = /o {
            if ($arg_x = "gone") { return 404; }
            empty_gif;
          }
          location /o/ { empty_gif; }
          location = /c { return 302 https://example.com/; }
          location /c/ { return 302 https://example.com/; }
          location = /u {
            if ($request_method = POST) { return 204; }
            return 200 "Leave?";
          }
          location = /v { empty_gif; }
          location / { return 404; }
        }
      }
      """
  }
}
