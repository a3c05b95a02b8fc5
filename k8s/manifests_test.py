#!/usr/bin/env python3
"""What kustomize makes of both overlays holds together: every name that is used is defined, every pod is restricted, and
the network lets through the calls of the architecture and no others. Needs kubectl and python3-yaml; exit code 77: it
lacks one of them. With --network OVERLAY it prints instead what the network of the overlay is."""
import ipaddress
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICES = {"partner-service": 7101, "order-service": 7102, "link-service": 7103, "billing-service": 7104}
# Who calls whom: docs/safety.md, and the peers that each service's flags name.
CALLS = {("partner-service", "order-service"), ("partner-service", "billing-service"), ("order-service", "partner-service"), ("order-service", "link-service"),
         ("order-service", "billing-service"), ("link-service", "partner-service"), ("link-service", "order-service"),
         ("link-service", "billing-service"), ("billing-service", "partner-service"), ("billing-service", "order-service")}
MAILERS = {"link-service", "billing-service"}
DATABASE_CONNECTIONS = 600   # max_connections, in k8s/images/database and docs/operations/install.md
SHUTDOWN_SECONDS = 10        # rpc::ServerOptions::shutdown_timeout
ACCEPTED = {"dev": [], "production": []}  # Critical findings of kube-score, each with its reason beside it.
SANDBOX_FLAGS = {"business_clock_offset_seconds", "insecure_plaintext_loopback", "provision", "statement_log_file",
                 "mail_plaintext_loopback"}


def render(overlay):
    """The overlay's objects. Secrets' files are made for the test."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "k8s"
        shutil.copytree(ROOT / "k8s", copy, ignore=shutil.ignore_patterns("secrets", "__pycache__"))
        kustomization = copy / "overlays" / overlay / "kustomization.yaml"
        secrets = set(re.findall(r"=(secrets/\S+)", kustomization.read_text()))
        for name in secrets:
            path = kustomization.parent / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("made for a test\n")
        text = subprocess.run(["kubectl", "kustomize", str(kustomization.parent)], check=True, capture_output=True,
                              text=True).stdout
    return [document for document in yaml.safe_load_all(text) if document]


def known_flags(service):
    """The flags that a service's sources define."""
    sources = [ROOT / "common/service/service_flags.cc", ROOT / service / "src/config.cc"]
    if service in MAILERS:
        sources.append(ROOT / "common/mail/mail_flags.cc")
    return set(re.findall(r"ABSL_FLAG\(\s*[^,]+(?:<[^>]*>)?,\s*(\w+)", "".join(s.read_text() for s in sources)))


def flags_in(text):
    return dict(re.findall(r"^--(\w+)=(.*)$", text, re.MULTILINE))


def has_kubectl():
    if shutil.which("kubectl") is None:
        return False
    text = subprocess.run(["kubectl", "version", "--client", "-o", "json"], capture_output=True, text=True).stdout
    version = json.loads(text or "{}").get("clientVersion", {})
    return (int(version.get("major", 0)), int(re.sub(r"\D", "", version.get("minor", "0")))) >= (1, 27)


class Overlay:
    def __init__(self, name):
        self.name = name
        self.objects = render(name)
        given = ROOT / "k8s/overlays" / name / "given-secrets.yaml"
        self.secrets = {s["metadata"]["name"]: set(s.get("data") or s.get("stringData"))
                        for s in self.of("Secret") + (list(yaml.safe_load_all(given.read_text())) if given.exists() else [])}
        for certificate in self.of("Certificate"):
            self.secrets[certificate["spec"]["secretName"]] = {"tls.crt", "tls.key", "ca.crt"}
        self.config_maps = {c["metadata"]["name"]: c["data"] for c in self.of("ConfigMap")}

    def of(self, *kinds):
        return [o for o in self.objects if o["kind"] in kinds]

    def workloads(self):
        return self.of("Deployment", "StatefulSet", "Job")

    def pods(self):
        """(name, labels, pod spec) of everything that runs."""
        for workload in self.workloads():
            template = workload["spec"]["template"]
            yield workload["metadata"]["name"], template["metadata"]["labels"], template["spec"]

    def flags(self, service, kind="Deployment"):
        """All flags of a service's pods: from the ConfigMap's files and the arguments."""
        name = service if kind == "Deployment" else f"{service}-migrate"
        [spec] = [s for n, _, s in self.pods() if n == name]
        [config] = [v["configMap"]["name"] for v in spec["volumes"] if v["name"] == "config"]
        flags = {}
        for argument in spec["containers"][0]["args"]:
            match = re.match(r"--flagfile=/etc/countersign/config/(.*)$", argument)
            flags |= flags_in(self.config_maps[config][match.group(1)]) if match else flags_in(argument)
        return flags


def matches(selector, labels):
    if any(labels.get(k) != v for k, v in (selector.get("matchLabels") or {}).items()):
        return False
    for expression in selector.get("matchExpressions") or []:
        if expression["operator"] == "In" and labels.get(expression["key"]) not in expression["values"]:
            return False
        if expression["operator"] == "NotIn" and labels.get(expression["key"]) in expression["values"]:
            return False
    return True


def port_numbers(spec):
    return {p["name"]: p["containerPort"] for c in spec["containers"] for p in c.get("ports", [])}


class Network:
    """What the policies allow between the overlay's own pods."""

    def __init__(self, overlay):
        self.pods = [(labels, port_numbers(spec), labels["app.kubernetes.io/name"]) for _, labels, spec in overlay.pods()]
        self.policies = [p["spec"] for p in overlay.of("NetworkPolicy")]

    def _rules(self, labels, direction):
        for policy in self.policies:
            if direction.capitalize() in policy["policyTypes"] and matches(policy["podSelector"], labels):
                yield from policy.get(direction) or []

    @staticmethod
    def _admits(rule, side, peer_labels, port, ports):
        peers = rule.get(side)
        if peers is not None and not any("podSelector" in p and "namespaceSelector" not in p and
                                         matches(p["podSelector"], peer_labels) for p in peers):
            return False
        return any(p["port"] == port or ports.get(p["port"]) == port for p in rule.get("ports") or [{"port": port}])

    def allowed(self):
        calls = set()
        for source, _, source_name in self.pods:
            for target, ports, target_name in self.pods:
                for port_name, port in ports.items():
                    goes = any(self._admits(r, "to", target, port, ports) for r in self._rules(source, "egress"))
                    comes = any(self._admits(r, "from", source, port, ports) for r in self._rules(target, "ingress"))
                    if goes and comes:
                        calls.add((source_name, target_name, port_name))
        return calls


def kube_score():
    return shutil.which("kube-score") or shutil.which(str(ROOT / "var/bin/kube-score"))


SCHEMAS = ROOT / "var/kube-schemas"  # scripts/kube-schemas


def kubeconform():
    """The program, where its schemas are there, too."""
    program = shutil.which("kubeconform") or shutil.which(str(ROOT / "var/bin/kubeconform"))
    return program if SCHEMAS.is_dir() else None


class ManifestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.overlays = [Overlay("dev"), Overlay("production")]
        cls.dev, cls.production = cls.overlays

    def each_pod(self):
        for overlay in self.overlays:
            for name, labels, spec in overlay.pods():
                with self.subTest(overlay=overlay.name, pod=name):
                    yield overlay, name, labels, spec

    def test_every_pod_is_restricted(self):
        for _, _, _, spec in self.each_pod():
            self.assertIs(spec["automountServiceAccountToken"], False)
            self.assertIs(spec["securityContext"]["runAsNonRoot"], True)
            self.assertEqual(spec["securityContext"]["seccompProfile"]["type"], "RuntimeDefault")
            for forbidden in ("hostNetwork", "hostPID", "hostIPC"):
                self.assertNotIn(forbidden, spec)
            for volume in spec["volumes"]:
                self.assertTrue(set(volume) & {"configMap", "secret", "emptyDir"}, volume)
            for container in spec["containers"] + spec.get("initContainers", []):
                context = container["securityContext"]
                self.assertIs(context["allowPrivilegeEscalation"], False)
                self.assertIs(context["readOnlyRootFilesystem"], True)
                self.assertIs(context["runAsNonRoot"], True)
                self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                self.assertIn("memory", container["resources"]["limits"])
                self.assertIn("cpu", container["resources"]["requests"])

    def test_every_secret_and_config_map_that_is_used_is_defined(self):
        for overlay, _, _, spec in self.each_pod():
            for volume in spec["volumes"]:
                if "secret" in volume:
                    secret = volume["secret"]
                    self.assertIn(secret["secretName"], overlay.secrets)
                    keys = {item["key"] for item in secret.get("items", [])}
                    self.assertLessEqual(keys, overlay.secrets[secret["secretName"]], secret["secretName"])
                if "configMap" in volume and not volume["configMap"].get("optional"):
                    self.assertIn(volume["configMap"]["name"], overlay.config_maps)
            mounted = {m["name"] for c in spec["containers"] for m in c["volumeMounts"]}
            claimed = {"data"} if "serviceName" in str(spec) or "data" in mounted else set()
            self.assertEqual(mounted - claimed, {v["name"] for v in spec["volumes"]})

    def test_every_secret_that_is_defined_is_used(self):
        for overlay in self.overlays:
            used = {v["secret"]["secretName"] for _, _, spec in overlay.pods() for v in spec["volumes"] if "secret" in v}
            used |= {t["secretName"] for i in overlay.of("Ingress") for t in i["spec"].get("tls", [])}
            self.assertEqual(used, set(overlay.secrets), overlay.name)

    def test_every_service_selects_one_workload_and_a_port_of_it(self):
        for overlay in self.overlays:
            for service in overlay.of("Service"):
                with self.subTest(overlay=overlay.name, service=service["metadata"]["name"]):
                    found = [spec for _, labels, spec in overlay.pods()
                             if service["spec"]["selector"].items() <= labels.items()]
                    self.assertEqual(len(found), 1)
                    for port in service["spec"]["ports"]:
                        self.assertIn(port["targetPort"], port_numbers(found[0]))
            for workload in overlay.of("Deployment", "StatefulSet"):
                spec = workload["spec"]
                self.assertLessEqual(spec["selector"]["matchLabels"].items(), spec["template"]["metadata"]["labels"].items())

    def test_flags_are_known_and_their_files_and_peers_are_there(self):
        for overlay in self.overlays:
            addresses = {f"{s['metadata']['name']}:{p['port']}" for s in overlay.of("Service") for p in s["spec"]["ports"]}
            for service, port in SERVICES.items():
                for kind in ("Deployment", "Job"):
                    with self.subTest(overlay=overlay.name, service=service, kind=kind):
                        flags = overlay.flags(service, kind)
                        self.assertLessEqual(set(flags) - {"flagfile"}, known_flags(service))
                        [spec] = [s for n, _, s in overlay.pods()
                                  if n == (service if kind == "Deployment" else f"{service}-migrate")]
                        peers = {v for k, v in flags.items() if k.endswith("_service")}
                        self.assertLessEqual(peers, addresses)
                        needed = {v for k, v in flags.items() if k.endswith("_file")}
                        if kind == "Job":  # It neither serves nor calls.
                            needed = {v for k, v in flags.items() if re.match(r"(database|migration)_.*_file", k)}
                        self.assertLessEqual(needed, self.files_of(spec))
                        mounts = {m["mountPath"] for m in spec["containers"][0]["volumeMounts"]}
                        folders = {v for k, v in flags.items() if v.startswith("/") and k != "flagfile" and not k.endswith("_file")}
                        self.assertLessEqual(folders, mounts, "a folder is not mounted")
                if flags:
                    flags = overlay.flags(service)
                    [spec] = [s for n, _, s in overlay.pods() if n == service]
                    listens = {int(v.rsplit(":", 1)[1]) for k, v in flags.items() if k.endswith("listen")}
                    self.assertEqual(listens, set(port_numbers(spec).values()))
                    self.assertEqual(port_numbers(spec)["grpc"], port)
                    self.assertEqual(flags["replica"], "$(POD_NAME)")

    @staticmethod
    def files_of(spec):
        volumes = {v["name"]: v for v in spec["volumes"]}
        return {f"{mount['mountPath']}/{item['path']}" for mount in spec["containers"][0]["volumeMounts"]
                for item in volumes[mount["name"]].get("secret", {}).get("items", [])}

    def test_calls_of_the_architecture_are_those_of_the_flags(self):
        for overlay in self.overlays:
            calls = {(service, value.split(":")[0]) for service in SERVICES
                     for key, value in overlay.flags(service).items() if key.endswith("_service")}
            self.assertEqual(calls, CALLS)

    def test_the_network_lets_through_these_calls_and_no_others(self):
        expected = {(a, b, "grpc") for a, b in CALLS}
        self.assertEqual(Network(self.production).allowed(), expected)
        clients = set(SERVICES) | {f"{s}-migrate" for s in SERVICES} | {"tools"}
        expected |= {(c, "database", "mysql") for c in clients}
        expected |= {("tools", s, "grpc") for s in SERVICES} | {("tools", "link-service", "page")}
        self.assertEqual(Network(self.dev).allowed(), expected)

    def test_everything_else_is_denied(self):
        for overlay in self.overlays:
            [deny] = [p["spec"] for p in overlay.of("NetworkPolicy") if p["metadata"]["name"] == "default-deny"]
            self.assertEqual(deny, {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})

    def test_production_reaches_the_database_the_mail_server_and_the_payment_processor(self):
        outside = {(p["metadata"]["name"], port["port"]) for p in self.production.of("NetworkPolicy")
                   for rule in p["spec"].get("egress", []) for port in rule["ports"]
                   if any("ipBlock" in peer for peer in rule["to"])}
        self.assertEqual(outside, {("to-database", 3306), ("link-service-to-mail", 587),
                                   ("billing-service-to-mail", 587),
                                   ("billing-service-to-payments", 443)})

    def test_the_payment_processor_is_called_where_the_network_lets_it(self):
        self.assertRegex(self.production.flags("billing-service")["payment_processor"], r"^[a-z.-]+:443$")

    def test_who_mails_is_who_has_a_mail_server(self):
        mailers = {s for s in SERVICES if "MailerFromFlags" in (ROOT / s / "src/main.cc").read_text()}
        self.assertEqual(mailers, MAILERS)
        for overlay in self.overlays:
            self.assertEqual({s for s in SERVICES if "mail_server" in overlay.flags(s)}, MAILERS, overlay.name)

    def test_production_mails_with_tls_and_a_password_through_the_port_that_is_open(self):
        for service in MAILERS:
            flags = self.production.flags(service)
            [port] = re.findall(r"^smtps?://[^:/]+:(\d+)$", flags["mail_server"])
            [policy] = [p["spec"] for p in self.production.of("NetworkPolicy")
                        if p["metadata"]["name"] == f"{service}-to-mail"]
            self.assertEqual(policy["podSelector"]["matchLabels"], {"app.kubernetes.io/name": service})
            self.assertEqual([p["port"] for rule in policy["egress"] for p in rule["ports"]], [int(port)])
            self.assertIn("mail_credentials_file", flags)
            self.assertFalse(flags["mail_from"].endswith(".invalid"))

    def test_mail_of_the_sandbox_goes_to_a_folder_of_the_pod(self):
        for service in MAILERS:
            folder = self.dev.flags(service)["mail_server"].removeprefix("file://")
            [spec] = [s for n, _, s in self.dev.pods() if n == service]
            [mount] = [m for m in spec["containers"][0]["volumeMounts"] if m["mountPath"] == folder]
            self.assertIsNot(mount.get("readOnly"), True)
            [volume] = [v for v in spec["volumes"] if v["name"] == mount["name"]]
            self.assertIn("sizeLimit", volume["emptyDir"])

    def test_a_disruption_leaves_pods(self):
        budgets = {b["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]: b["spec"]["maxUnavailable"]
                   for b in self.production.of("PodDisruptionBudget")}
        # How many there are is the autoscalers' alone: a number in the Deployment would undo theirs with every apply.
        self.assertFalse([d["metadata"]["name"] for d in self.production.of("Deployment") if "replicas" in d["spec"]])
        replicas = {h["spec"]["scaleTargetRef"]["name"]: h["spec"]["minReplicas"]
                    for h in self.production.of("HorizontalPodAutoscaler")}
        self.assertEqual(set(budgets), set(replicas))
        for name, count in replicas.items():
            self.assertLess(budgets[name], count)
            self.assertGreaterEqual(count, 3)

    def test_all_pools_together_fit_into_the_database(self):
        sessions = 0
        for scaler in self.production.of("HorizontalPodAutoscaler"):
            service = scaler["spec"]["scaleTargetRef"]["name"]
            surge = 1
            sessions += (scaler["spec"]["maxReplicas"] + surge) * int(self.production.flags(service)["pool_size"])
        self.assertGreater(sessions, 0)
        self.assertLess(sessions, DATABASE_CONNECTIONS)
        self.assertIn(f"--max-connections={DATABASE_CONNECTIONS}", (ROOT / "k8s/images/database").read_text())

    def test_the_sandbox_is_not_in_production(self):
        for service in SERVICES:
            for kind in ("Deployment", "Job"):
                self.assertFalse(set(self.production.flags(service, kind)) & SANDBOX_FLAGS)
        for _, _, spec in self.production.pods():
            for container in spec["containers"]:
                self.assertRegex(container["image"], r"^registry[^:]*/countersign/[a-z-]+:\d+\.\d+\.\d+$")
        self.assertFalse(self.production.of("StatefulSet"))
        self.assertNotIn("tools", [n for n, _, _ in self.production.pods()])

    def test_the_proxy_is_trusted_where_there_is_one(self):
        for overlay in self.overlays:
            flags = overlay.flags("link-service")
            self.assertEqual(flags["public_url"].startswith("https://"), "trusted_proxies" in flags, overlay.name)
            self.assertEqual(bool(overlay.of("Ingress")), "trusted_proxies" in flags)
        trusted = ipaddress.ip_network(self.production.flags("link-service")["trusted_proxies"])
        self.assertGreaterEqual(trusted.prefixlen, 24, "whoever is in this network can claim any address")

    def test_probes_ask_the_port_for_probes_and_liveness_not_the_database(self):
        for overlay, name, _, spec in self.each_pod():
            if name not in SERVICES:
                continue
            [container] = spec["containers"]
            for probe, path in (("startupProbe", "/live"), ("livenessProbe", "/live"), ("readinessProbe", "/ready")):
                self.assertEqual(container[probe]["httpGet"], {"path": path, "port": "health"})
            self.assertEqual(container["terminationMessagePolicy"], "FallbackToLogsOnError")

    def test_a_pod_has_the_time_to_end_what_it_began(self):
        for overlay in self.overlays:
            for name, _, spec in overlay.pods():
                if name in SERVICES:
                    needed = float(overlay.flags(name)["drain_seconds"]) + 2 * SHUTDOWN_SECONDS
                    self.assertGreater(spec["terminationGracePeriodSeconds"], needed)

    def test_namespaces_enforce_the_restricted_standard(self):
        for overlay in self.overlays:
            [namespace] = overlay.of("Namespace")
            self.assertEqual(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted")


    @unittest.skipUnless(kube_score(), "kube-score is missing; scripts/tools installs it")
    def test_kube_score_finds_nothing_critical(self):
        for overlay in self.overlays:
            # What is left out is explained in k8s/README.md.
            done = subprocess.run([kube_score(), "score", "--ignore-container-cpu-limit", "--ignore-test",
                                   "container-image-pull-policy", "--output-format", "ci", "-"],
                                  input=yaml.safe_dump_all(overlay.objects), capture_output=True, text=True)
            found = [line for line in done.stdout.splitlines() if line.startswith("[CRITICAL]")]
            self.assertEqual(found, ACCEPTED[overlay.name])

    @unittest.skipUnless(kubeconform(), "kubeconform is missing; scripts/tools installs it")
    def test_every_object_has_the_fields_of_its_kind_and_no_others(self):
        for overlay in self.overlays:
            self.assertEqual(self._misfits(overlay.objects), [])
        [deployment, *_] = self.dev.of("Deployment")
        misspelt = json.loads(json.dumps(deployment))
        misspelt["spec"]["template"]["spec"]["containers"][0]["resource"] = {}
        self.assertEqual(len(self._misfits([misspelt])), 1)

    def _misfits(self, objects):
        """What kubeconform says; nothing of cert-manager's kinds, whose schemas Kubernetes does not have."""
        done = subprocess.run([kubeconform(), "-strict", "-output", "json", "-skip", "Certificate", "-schema-location",
                               f"{SCHEMAS}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json", "-"],
                              input=yaml.safe_dump_all(objects), capture_output=True, text=True)
        return json.loads(done.stdout)["resources"]


def print_network(overlay):
    """What scripts/kube-network tries on a cluster: every pod with its labels and ports, and every call that is allowed."""
    for _, labels, spec in overlay.pods():
        print("pod", labels["app.kubernetes.io/name"], ",".join(f"{k}={v}" for k, v in labels.items()))
        for name, number in port_numbers(spec).items():
            print("port", labels["app.kubernetes.io/name"], name, number)
    for call in sorted(Network(overlay).allowed()):
        print("call", *call)


if __name__ == "__main__":
    if yaml is None or not has_kubectl():
        print("skipped: kubectl 1.27 or later, or python3-yaml, is missing")
        sys.exit(77)
    if sys.argv[1:2] == ["--network"]:
        print_network(Overlay(sys.argv[2]))
        sys.exit(0)
    unittest.main(verbosity=1)
