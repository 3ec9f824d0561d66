// Amazon's formats: CloudFront standard logs (33 tab-separated fields) and the application load balancer.

internal import Base

extension AccessLogWriter {
  func appendCloudFrontDirectives(to out: inout ByteBuilder) {
    out.append(
      "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) ")
    out.append("cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) ")
    out.append(
      "x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken ")
    out.append("x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type ")
    out.append("cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte ")
    out.append("x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start ")
    out.append("sc-range-end\n")
  }

  mutating func appendCloudFront(_ line: LogLine, to out: inout ByteBuilder) {
    appendInstantFields(line, to: &out)
    out.append("\tFRA56-P4\t")
    out.append(decimal: line.byteCount + 380)
    out.append(ASCII.tab)
    out.append(line.address)
    out.append(ASCII.tab)
    out.append(line.method)
    out.append("\td111111abcdef8.cloudfront.net\t")
    let question = ByteSearch.firstIndex(of: ASCII.questionMark, in: target.slice) ?? target.count
    markTarget(out)
    appendURLSafe(target.slice.slice(from: 0, to: question), to: &out)
    out.append(ASCII.tab)
    out.append(decimal: line.status)
    out.append(ASCII.tab)
    let referer: StaticString = line.referer.utf8CodeUnitCount == 0 ? "-" : line.referer
    appendURLSafe(ByteSlice(referer), to: &out)
    out.append(ASCII.tab)
    plan.userAgents.texts.with(line.userAgent) { appendURLSafe($0, to: &out) }
    out.append(ASCII.tab)
    if question < target.count {
      appendURLSafe(target.slice.suffix(from: question + 1), to: &out)
    } else {
      out.append(ASCII.minus)
    }
    appendCloudFrontRest(line, to: &out)
  }

  private func appendCloudFrontRest(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("\t-\tMiss\t")
    out.append(hex: line.bits, width: 16)
    out.append("\ttrack.example.com\thttps\t412\t0.00")
    out.append(decimal: 1 + Int(line.bits & 7))
    out.append("\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\t")
    out.append(line.version)
    out.append("\t-\t-\t")
    out.append(decimal: 1024 + Int(line.bits >> 30 & 0x7FFF))
    out.append("\t0.001\tMiss\timage/gif\t")
    out.append(decimal: line.byteCount)
    out.append("\t-\t-")
  }

  /// Date and time, UTC, a tab between.
  private func appendInstantFields(_ line: LogLine, to out: inout ByteBuilder) {
    let day = CivilTime.floorDivide(line.time, CivilTime.millisecondsPerDay)
    out.append(date: CivilDate(daysSinceEpoch: Int(day)))
    out.append(ASCII.tab)
    out.append(clock: Int(line.time - day * CivilTime.millisecondsPerDay))
  }

  /// CloudFront percent-encodes field values, percent signs included, so that a client's `%40` is logged as `%2540`.
  private func appendURLSafe(_ bytes: ByteSlice, to out: inout ByteBuilder) {
    for index in 0..<bytes.count {
      let byte = bytes[index]
      let isPlain = byte > ASCII.space && byte < 0x7F && byte != ASCII.quote
      if isPlain && byte != ASCII.percent {
        out.append(byte)
      } else {
        out.append(ASCII.percent)
        out.append(hex: UInt64(byte), width: 2)
      }
    }
  }

  mutating func appendBalancer(_ line: LogLine, to out: inout ByteBuilder) {
    out.append("h2 ")
    appendMicroseconds(line, to: &out)
    out.append(" app/track/0123456789abcdef ")
    appendClient(line, to: &out)
    out.append(" 10.0.0.7:8080 0.000 0.001 0.000 ")
    out.append(decimal: line.status)
    out.append(ASCII.space)
    out.append(decimal: line.status)
    out.append(" 412 ")
    out.append(decimal: line.byteCount + 380)
    out.append(" \"")
    out.append(line.method)
    out.append(" https://track.example.com:443")
    markTarget(out)
    out.append(target.slice)
    out.append(ASCII.space)
    out.append(line.version)
    out.append("\" \"")
    out.append(plan.userAgents.texts, line.userAgent)
    out.append("\" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-central-1:")
    out.append("000000000000:targetgroup/track/0123456789abcdef \"Root=1-")
    out.append(hex: UInt64(line.time / 1000), width: 8)
    out.append(ASCII.minus)
    out.append(hex: line.bits, width: 16)
    out.append("\" \"track.example.com\" \"session-reused\" 0 ")
    appendMicroseconds(line, to: &out)
    out.append(" \"forward\" \"-\" \"-\" \"10.0.0.7:8080\" \"")
    out.append(decimal: line.status)
    out.append("\" \"-\" \"-\"")
  }

  /// `2026-03-02T09:12:01.250000Z`.
  private func appendMicroseconds(_ line: LogLine, to out: inout ByteBuilder) {
    out.append(instant: line.time)
    out.truncate(to: out.count - 1)
    out.append("000Z")
  }

  /// `192.0.2.7:51234`, with brackets around an IPv6 address.
  private func appendClient(_ line: LogLine, to out: inout ByteBuilder) {
    if !line.address.isIPv4 { out.append(ASCII.openBracket) }
    out.append(line.address)
    if !line.address.isIPv4 { out.append(ASCII.closeBracket) }
    out.append(ASCII.colon)
    out.append(decimal: 1024 + Int(line.bits >> 30 & 0x7FFF))
  }
}
