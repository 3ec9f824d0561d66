// The quoted family: nginx's combined, and the common and vhost layouts of Apache.

internal import Base

extension AccessLogWriter {
  /// `address - - [time] "METHOD target VERSION" status bytes`, and for all but the common layout
  /// ` "referer" "user agent"`; vhost puts `host:port` in front.
  mutating func appendQuoted(
    _ line: LogLine, clock: StaticString = "", omitsStatus: Bool = false,
    to out: inout ByteBuilder
  ) {
    appendOrigin(line, clock: clock, to: &out)
    out.append(line.method)
    out.append(ASCII.space)
    markTarget(out)
    appendEscaped(target.slice, to: &out)
    out.append(ASCII.space)
    out.append(line.version)
    out.append(ASCII.quote)
    if !omitsStatus { appendStatus(line, to: &out) }
    appendVisitor(line, to: &out)
  }

  /// The same with a request that is no HTTP, given as the log shows it.
  func appendQuoted(_ line: LogLine, request: StaticString, to out: inout ByteBuilder) {
    appendOrigin(line, clock: "", to: &out)
    out.append(request)
    out.append(ASCII.quote)
    appendStatus(line, to: &out)
    appendVisitor(line, to: &out)
  }

  private func appendOrigin(_ line: LogLine, clock: StaticString, to out: inout ByteBuilder) {
    if plan.spec.format == .vhostCombined { out.append("track.example.com:443 ") }
    out.append(line.address)
    out.append(" - - [")
    if clock.utf8CodeUnitCount > 0 {
      out.append(clock)
    } else {
      appendClock(line, to: &out)
    }
    out.append("] \"")
  }

  /// `02/Mar/2026:09:12:01 +0000`.
  private func appendClock(_ line: LogLine, to out: inout ByteBuilder) {
    let local = line.time + Int64(line.zoneMinutes) * 60_000
    let day = CivilTime.floorDivide(local, CivilTime.millisecondsPerDay)
    let date = CivilDate(daysSinceEpoch: Int(day))
    out.append(decimal: date.day, width: 2)
    out.append(ASCII.slash)
    out.append(AccessLogWriter.monthNames[date.month - 1])
    out.append(ASCII.slash)
    out.append(decimal: date.year, width: 4)
    out.append(ASCII.colon)
    out.append(clock: Int(local - day * CivilTime.millisecondsPerDay))
    out.append(line.zoneMinutes == 0 ? " +0000" : " +0100")
  }

  private func appendStatus(_ line: LogLine, to out: inout ByteBuilder) {
    out.append(ASCII.space)
    out.append(decimal: line.status)
    out.append(ASCII.space)
    // Apache's %b, unlike nginx, spells nothing as a dash.
    if line.byteCount == 0 && plan.spec.format != .combined {
      out.append(ASCII.minus)
    } else {
      out.append(decimal: line.byteCount)
    }
  }

  private func appendVisitor(_ line: LogLine, to out: inout ByteBuilder) {
    guard plan.spec.format != .common else { return }
    out.append(" \"")
    if line.referer.utf8CodeUnitCount == 0 {
      out.append(ASCII.minus)
    } else {
      appendEscaped(ByteSlice(line.referer), to: &out)
    }
    out.append("\" \"")
    out.append(plan.userAgents.texts, line.userAgent)
    out.append(ASCII.quote)
  }

  private func appendEscaped(_ bytes: ByteSlice, to out: inout ByteBuilder) {
    if plan.spec.format == .combined {
      out.append(nginxEscaping: bytes)
    } else {
      out.append(apacheEscaping: bytes)
    }
  }

  private static let monthNames: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

extension ByteSlice {
  /// The bytes of a literal, which live for ever.
  init(_ text: StaticString) { self.init(text.utf8Start, count: text.utf8CodeUnitCount) }
}
