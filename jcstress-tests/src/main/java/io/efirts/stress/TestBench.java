// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.util.List;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.TestExecutor;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.OSSupport;
import org.openjdk.jcstress.os.Scheduler;
import org.openjdk.jcstress.os.topology.Topology;
import org.openjdk.jcstress.vm.CompileMode;
import org.openjdk.jcstress.vm.VMSupport;

/**
 * Runs single tests, fork by fork, until one fails. Machine and JVM are probed once: jcstress's own
 * entry does it for every run, which takes longer than to find a mutant.
 */
final class TestBench {
  private static final String[] OPTIONS =
      "-sc false -iters 5 -time 300 -strideSize 128 -strideCount 10 -hs 128 -pth false".split(" ");

  private final Options options;
  private final Scheduler scheduler;

  private TestBench(Options options, Scheduler scheduler) {
    this.options = options;
    this.scheduler = scheduler;
  }

  static TestBench probed() throws Exception {
    Options options = new Options(OPTIONS);
    if (!options.parse()) {
      throw new IllegalStateException("options must be valid: " + List.of(OPTIONS));
    }
    OSSupport.init();
    VMSupport.initFlags(options);
    VMSupport.detectAvailableVMConfigs(false, options.getJvmArgs(), options.getJvmArgsPrepend());
    return new TestBench(options, new Scheduler(Topology.get(), options.getCPUCount()));
  }

  /** Whether a test fails with this class path: in the optimizing compiler first. */
  boolean fails(String simpleName, String classPath) throws Exception {
    // What jcstress starts its forks with.
    System.setProperty("java.class.path", classPath);
    TestInfo test = named(simpleName);
    for (VMSupport.Config jvm : VMSupport.getAvailableVMConfigs().reversed()) {
      switch (Verdict.of(run(test, jvm))) {
        case PASSED -> {}
        case FAILED -> {
          return true;
        }
        case NOT_RUN ->
            throw new IllegalStateException(
                "test must run: test=" + simpleName + ", jvm=" + jvm.args());
      }
    }
    return false;
  }

  private List<TestResult> run(TestInfo test, VMSupport.Config jvm) throws Exception {
    InProcessCollector results = new InProcessCollector();
    TestExecutor executor = new TestExecutor(options.verbosity(), results, scheduler);
    executor.runAll(
        scheduler
            .scheduleClasses(test.threads(), options.getCPUCount(), options.affinityMode())
            .stream()
            .map(cpus -> new TestConfig(options, test, 0, jvm.args(), CompileMode.UNIFIED, cpus))
            .toList());
    return List.copyOf(results.getTestResults());
  }

  private static TestInfo named(String simpleName) {
    List<String> names =
        TestList.tests().stream().filter(name -> name.endsWith("." + simpleName)).toList();
    if (names.size() != 1) {
      throw new IllegalStateException(
          "test must exist once: test=" + simpleName + ", found=" + names);
    }
    return TestList.getInfo(names.getFirst());
  }
}
