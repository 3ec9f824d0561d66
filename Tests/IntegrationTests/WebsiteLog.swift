// The log of a small web site, in Apache's combined format, written by hand, and what is in it.

enum WebsiteLog {
  static let lineCount = 36
  /// One line is cut off, one has no time.
  static let brokenCount = 2

  /// Clicks that count and addresses behind them, by link; robots are left out.
  static let clicksByLink: [Row] = [
    ["about us", "1", "1"], ["bees", "4", "3"], ["bees/queens", "3", "2"], ["honey", "1", "1"],
    ["wax", "1", "1"],
  ]

  /// Pictures and articles by address, robots among them.
  static let hitsByAddress: [Row] = [
    ["192.0.2.10", "3", "2"], ["192.0.2.11", "2", "3"], ["198.51.100.7", "3", "2"],
    ["198.51.100.8", "0", "2"], ["2001:db8::1", "2", "2"], ["203.0.113.5", "1", "1"],
    ["203.0.113.9", "1", "0"],
  ]

  static let text = #"""
    192.0.2.10 - - [03/May/2026:08:00:01 +0200] "GET / HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:01 +0200] "GET /style.css HTTP/1.1" 200 900 "https://bees.example/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:01 +0200] "GET /img/logo.png HTTP/1.1" 200 4096 "https://bees.example/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:02 +0200] "GET /img/hive.png?v=3 HTTP/1.1" 304 - "https://bees.example/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:02 +0200] "GET /favicon.ico HTTP/1.1" 404 209 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:30 +0200] "GET /blog/bees HTTP/1.1" 200 8231 "https://bees.example/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:00:31 +0200] "GET /img/bee.gif HTTP/1.1" 200 43 "https://bees.example/blog/bees" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.10 - - [03/May/2026:08:01:12 +0200] "GET /blog/bees?page=2 HTTP/1.1" 200 7011 "https://bees.example/blog/bees" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    192.0.2.11 - - [03/May/2026:08:03:59 +0200] "GET /blog/bees/queens HTTP/2.0" 200 6120 "https://search.example/?q=\"queen bee\"" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    192.0.2.11 - - [03/May/2026:08:04:00 +0200] "GET /img/queen.png HTTP/2.0" 200 9911 "https://bees.example/blog/bees/queens" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    192.0.2.11 - - [03/May/2026:08:04:00 +0200] "GET /img/a/b/crown.png HTTP/2.0" 200 312 "https://bees.example/blog/bees/queens" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    192.0.2.11 - - [03/May/2026:08:05:41 +0200] "GET /blog/honey HTTP/2.0" 301 0 "-" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    192.0.2.11 - - [03/May/2026:08:05:41 +0200] "GET /blog/about%20us HTTP/2.0" 200 1201 "-" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    198.51.100.7 - beekeeper [03/May/2026:08:10:00 +0200] "GET /blog/bees HTTP/1.1" 200 8231 "-" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - beekeeper [03/May/2026:08:10:01 +0200] "GET /img/logo.png HTTP/1.1" 200 4096 "-" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - beekeeper [03/May/2026:08:10:01 +0200] "HEAD /img/logo.png HTTP/1.1" 200 - "-" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - back office [03/May/2026:08:10:02 +0200] "GET /img/missing.png HTTP/1.1" 404 209 "-" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - back office [03/May/2026:08:10:05 +0200] "GET /img/hive.png HTTP/1.1" 206 100 "-" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - back office [03/May/2026:08:11:07 +0200] "POST /blog/bees HTTP/1.1" 200 17 "https://bees.example/blog/bees" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.7 - back office [03/May/2026:08:11:30 +0200] "GET /blog/wax HTTP/1.1" 200 4410 "https://bees.example/blog/bees" "Opera/9.80 (Windows NT 6.1) \"special\" build"
    198.51.100.8 - - [03/May/2026:09:00:00 +0200] "GET /robots.txt HTTP/1.1" 200 26 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    198.51.100.8 - - [03/May/2026:09:00:01 +0200] "GET /blog/bees HTTP/1.1" 200 8231 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    198.51.100.8 - - [03/May/2026:09:00:03 +0200] "GET /blog/honey HTTP/1.1" 200 5310 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    198.51.100.8 - - [03/May/2026:09:00:05 +0200] "GET /blog/gone HTTP/1.1" 404 209 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    2001:db8::1 - - [03/May/2026:09:15:20 +0200] "GET /blog/bees/queens HTTP/1.1" 304 - "-" "-"
    2001:db8::1 - - [03/May/2026:09:15:21 +0200] "GET /blog/bees/queens HTTP/1.1" 200 6120 "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    2001:db8::1 - - [03/May/2026:09:15:22 +0200] "GET /img/queen.png HTTP/1.1" 200 9911 "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    2001:db8::1 - - [03/May/2026:09:15:22 +0200] "GET /img/spacer.gif HTTP/1.1" 200 43 "-" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    203.0.113.5 - - [03/May/2026:09:20:00 +0200] "GET http://bees.example/blog/bees HTTP/1.1" 200 8231 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    203.0.113.5 - - [03/May/2026:09:20:01 +0200] "GET /img/logo.png HTTP/1.1" 200 4096 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    203.0.113.9 - - [03/May/2026:09:30:00 +0200] "\x16\x03\x01\x02" 400 226 "-" "-"
    203.0.113.9 - - [03/May/2026:09:30:01 +0200] "-" 408 - "-" "-"
    203.0.113.9 - - [03/May/2026:09:30:02 +0200] "GET /wp-login.php HTTP/1.1" 404 209 "-" "Mozilla/5.0 zgrab/0.x"
    203.0.113.9 - - [03/May/2026:09:30:03 +0200] "GET /img/logo.png HTTP/1.0" 200 4096 "-" ""
    203.0.113.9 - - "GET /img/logo.png HTTP/1.0" 200 4096 "-" "-"
    203.0.113.9 - - [03/May/2026:09:31:00 +0200] "GET /blog/be
    """# + "\n"
}
