#!/usr/bin/env python3
"""The alert rules and the dashboard, against promtool: the rules are right, every one fires in alerts_test.yaml, and every
one has its page in docs/operations/alerts.md.

With --live, inside scripts/suite: a real Prometheus scrapes the services while the main story runs, and every metric that
a rule or the dashboard names is there. Exit code 77: promtool, prometheus or python3-yaml is missing."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

try:
    import yaml
except ImportError:
    yaml = None

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SERVICES = ("partner-service", "order-service", "link-service", "billing-service")
METRIC = re.compile(r"\b(?:countersign|process)_[a-z_]+\b")
EVENT_TYPE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


def rules():
    return yaml.safe_load((HERE / "alerts.yaml").read_text())["spec"]


def alerts():
    return [rule for group in rules()["groups"] for rule in group["rules"]]


def dashboard_expressions():
    panels = json.loads((HERE / "dashboard.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def metrics_named():
    """The names that must exist; of a histogram, which the page names as a whole, its count."""
    named = {name for text in [a["expr"] for a in alerts()] + dashboard_expressions() for name in METRIC.findall(text)}
    histograms = {re.sub("_(bucket|count|sum)$", "", name) for name in named if name.endswith(("_bucket", "_count", "_sum"))}
    described = set(METRIC.findall((ROOT / "docs/operations/metrics.md").read_text()))
    return named | {f"{name}_count" if name in histograms else name for name in described}


def event_types_named():
    """The types of events that the dashboard or docs/operations/metrics.md names."""
    lines = [line for line in (ROOT / "docs/operations/metrics.md").read_text().splitlines() if "type" in line]
    return {name for text in lines + dashboard_expressions() for name in EVENT_TYPE.findall(text)}


def event_types_of(sources):
    """The upper-case strings of the sources, and a link's state after "LINK_", as link-service puts them together."""
    text = "".join(path.read_text() for path in sources if not path.name.endswith("_test.cc"))
    states = re.findall(r"\bSTATE_(\w+) = ", (ROOT / "protos/countersign/link/v1/link.proto").read_text())
    return set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', text)) | {f"LINK_{state}" for state in states}


def write_rules(folder):
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules()))
    tests = yaml.safe_load((HERE / "alerts_test.yaml").read_text())
    (folder / "test.yaml").write_text(yaml.safe_dump({"rule_files": ["rules.yaml"]} | tests))


class RulesTest(unittest.TestCase):
    def promtool(self, *arguments):
        with tempfile.TemporaryDirectory() as name:
            write_rules(pathlib.Path(name))
            done = subprocess.run(["promtool", *arguments], cwd=name, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_rules_are_right(self):
        self.promtool("check", "rules", "rules.yaml")

    def test_every_alert_fires(self):
        tested = {t["name"] for t in yaml.safe_load((HERE / "alerts_test.yaml").read_text())["tests"]}
        self.assertEqual(tested, {a["alert"] for a in alerts()})
        self.promtool("test", "rules", "test.yaml")

    def test_every_type_of_event_that_is_named_exists(self):
        named = event_types_named()
        self.assertIn("FEE_ACCRUED", named)
        sources = [path for service in SERVICES for path in (ROOT / service / "src").rglob("*.cc")]
        self.assertLessEqual(named, event_types_of(sources))

    def test_every_alert_has_its_page(self):
        headings = {h.lower() for h in re.findall(r"^## (\w+)$", (ROOT / "docs/operations/alerts.md").read_text(), re.M)}
        for alert in alerts():
            anchor = alert["annotations"]["runbook_url"].split("#")[1]
            self.assertEqual(anchor, alert["alert"].lower())
            self.assertIn(anchor, headings)
            self.assertIn(alert["labels"]["severity"], ("critical", "warning"))


class Prometheus:
    """Scrapes the suite's services, with the labels that the ServiceMonitor would give them."""

    def __init__(self, folder):
        write_rules(folder)
        targets = [{"targets": [address], "labels": {"service": f"{name}-metrics", "job": f"{name}-metrics"}}
                   for name, address in zip(SERVICES, os.environ["METRICS"].split())]
        (folder / "prometheus.yaml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": ["rules.yaml"],
            "scrape_configs": [{"job_name": "countersign", "static_configs": targets}]}))
        self.port = subprocess.run(["bash", "-c", ". scripts/lib.sh && free_port"], cwd=ROOT, check=True,
                                   capture_output=True, text=True).stdout.strip()
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def query(self, expression):
        url = f"http://127.0.0.1:{self.port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(url, timeout=10) as reply:
            return json.load(reply)["data"]["result"]

    def eventually(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return True
            except OSError:
                pass  # It is starting.
            time.sleep(0.5)
        return False


class LiveTest(unittest.TestCase):
    def test_every_metric_that_is_named_is_there(self):
        with tempfile.TemporaryDirectory() as name:
            prometheus = Prometheus(pathlib.Path(name))
            try:
                self.assertTrue(prometheus.eventually(lambda: len(prometheus.query("up == 1")) == 4), "4 services are up")
                subprocess.run(["scripts/demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
                missing = set()

                def all_there():
                    missing.clear()
                    missing.update(m for m in metrics_named() if not prometheus.query(f"count({m})"))
                    return not missing

                self.assertTrue(prometheus.eventually(all_there), f"never seen: {sorted(missing)}")
                for expression in dashboard_expressions():
                    prometheus.query(expression)  # An error is an exception.
                self.assertTrue(prometheus.query('sum(countersign_events_total{type="ORDER_COMPLETED"}) >= 1'))
                firing = prometheus.query('ALERTS{alertstate="firing", severity="critical"}')
                self.assertFalse(firing, "a healthy demo alerts nobody")
            finally:
                prometheus.process.terminate()
                prometheus.process.wait()


if __name__ == "__main__":
    live = "--live" in sys.argv
    if yaml is None or shutil.which("promtool") is None or (live and shutil.which("prometheus") is None):
        print("skipped: promtool, prometheus or python3-yaml is missing")
        sys.exit(77)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    unittest.main(argv=[sys.argv[0]], defaultTest="LiveTest" if live else "RulesTest")
