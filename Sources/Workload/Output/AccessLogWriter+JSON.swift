// The formats with one JSON object a line: nginx with escape=json, Caddy, Cloudflare Logpush.

internal import Base

extension AccessLogWriter {
  /// nginx with `escape=json`: keys are the variables' names, a missing value is an empty string.
  mutating func appendNginxJSON(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("{\"time_iso8601\":\"")
    appendISO(line, to: &out)
    out.append("\",\"msec\":\"")
    appendSeconds(line.time, to: &out)
    out.append("\",\"remote_addr\":\"")
    out.append(line.address)
    out.append("\",\"request_method\":\"")
    out.append(line.method)
    out.append("\",\"request_uri\":\"")
    appendTarget(to: &out)
    out.append("\",\"server_protocol\":\"")
    out.append(line.version)
    out.append("\",\"status\":")
    out.append(decimal: line.status)
    out.append(",\"body_bytes_sent\":")
    out.append(decimal: line.byteCount)
    out.append(",\"http_referer\":\"")
    out.append(jsonEscaping: ByteSlice(line.referer))
    out.append("\",\"http_user_agent\":\"")
    if line.userAgent > 0 { out.append(plan.userAgents.texts, line.userAgent) }
    out.append("\"}")
  }

  mutating func appendCaddy(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("{\"level\":\"info\",\"ts\":")
    appendSeconds(line.time, to: &out)
    out.append(",\"logger\":\"http.log.access\",\"msg\":\"handled request\",\"request\":{")
    out.append("\"remote_ip\":\"192.0.2.1\",\"remote_port\":\"")
    out.append(decimal: 1024 + Int(line.bits >> 30 & 0x7FFF))
    out.append("\",\"client_ip\":\"")
    out.append(line.address)
    out.append("\",\"proto\":\"")
    out.append(line.version)
    out.append("\",\"method\":\"")
    out.append(line.method)
    out.append("\",\"host\":\"track.example.com\",\"uri\":\"")
    appendTarget(to: &out)
    out.append("\",\"headers\":{")
    appendCaddyHeaders(line, to: &out)
    out.append("}},\"bytes_read\":0,\"user_id\":\"\",\"duration\":0.000")
    out.append(decimal: 100 + Int(line.bits >> 30 & 0xFF))
    out.append(",\"size\":")
    out.append(decimal: line.byteCount)
    out.append(",\"status\":")
    out.append(decimal: line.status)
    out.append(",\"resp_headers\":{\"Server\":[\"Caddy\"]}}")
  }

  private func appendCaddyHeaders(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("\"Accept\":[\"*/*\"]")
    if line.userAgent > 0 {
      out.append(",\"User-Agent\":[\"")
      out.append(plan.userAgents.texts, line.userAgent)
      out.append("\"]")
    }
    if line.referer.utf8CodeUnitCount > 0 {
      out.append(",\"Referer\":[\"")
      out.append(jsonEscaping: ByteSlice(line.referer))
      out.append("\"]")
    }
  }

  mutating func appendCloudflare(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("{\"ClientIP\":\"")
    out.append(line.address)
    out.append("\",\"ClientRequestHost\":\"track.example.com\",\"ClientRequestMethod\":\"")
    out.append(line.method)
    out.append("\",\"ClientRequestURI\":\"")
    appendTarget(to: &out)
    out.append("\",\"ClientRequestReferer\":\"")
    out.append(jsonEscaping: ByteSlice(line.referer))
    out.append("\",\"ClientRequestUserAgent\":\"")
    if line.userAgent > 0 { out.append(plan.userAgents.texts, line.userAgent) }
    out.append("\",\"ClientCountry\":\"")
    out.append(Names.countries[Int(line.bits >> 30 & 0xFF) % Names.countries.count])
    out.append("\",\"EdgeStartTimestamp\":")
    out.append(decimal: Int(line.time))
    out.append("000000,\"EdgeResponseStatus\":")
    out.append(decimal: line.status)
    out.append(",\"EdgeResponseBytes\":")
    out.append(decimal: line.byteCount)
    out.append(",\"RayID\":\"")
    out.append(hex: line.bits, width: 16)
    out.append("\"}")
  }

  private mutating func appendTarget(to out: inout ByteBuilder) {
    markTarget(out)
    out.append(jsonEscaping: target.slice)
  }

  /// Seconds since 1970 with milliseconds after the point.
  private func appendSeconds(_ time: Int64, to out: inout ByteBuilder) {
    out.append(decimal: Int(time / 1000))
    out.append(ASCII.dot)
    out.append(decimal: Int(time % 1000), width: 3)
  }

  /// `2026-03-02T09:12:01+00:00`.
  private func appendISO(_ line: LogLine, to out: inout ByteBuilder) {
    let local = line.time + Int64(line.zoneMinutes) * 60_000
    let day = CivilTime.floorDivide(local, CivilTime.millisecondsPerDay)
    out.append(date: CivilDate(daysSinceEpoch: Int(day)))
    out.append("T")
    out.append(clock: Int(local - day * CivilTime.millisecondsPerDay))
    out.append(line.zoneMinutes == 0 ? "+00:00" : "+01:00")
  }
}
