// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import static io.efirts.stress.Verdict.FAILED;
import static io.efirts.stress.Verdict.NOT_RUN;
import static io.efirts.stress.Verdict.PASSED;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * One run of jcstress over the tests that its options select, and what became of each of them.
 *
 * <p>jcstress writes its result file into the current directory.
 */
final class StressRun {
  private final Map<String, List<TestResult>> resultsByTest = new TreeMap<>();

  private StressRun(Collection<String> tests) {
    tests.forEach(test -> resultsByTest.put(test, new ArrayList<>()));
  }

  /**
   * Runs the tests.
   *
   * @param options jcstress's; they must have been parsed
   */
  static StressRun of(Options options) throws Exception {
    JCStress jcstress = new JCStress(options);
    StressRun run = new StressRun(jcstress.getTests());
    try {
      jcstress.run();
    } catch (AssertionError failures) {
      // How jcstress reports failed tests once all is written; they are read from its file below.
      System.out.println(failures.getMessage());
    }
    // With too few processors for any test there is no file.
    if (Files.exists(Path.of(options.getResultFile()))) {
      run.read(options.getResultFile());
    }
    return run;
  }

  private void read(String resultFile) throws Exception {
    InProcessCollector collector = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(resultFile, collector);
    reader.dump();
    reader.close();
    collector.getTestResults().forEach(this::add);
  }

  private void add(TestResult result) {
    resultsByTest.get(result.getName()).add(result);
  }

  private List<String> testsThat(Verdict verdict) {
    return resultsByTest.entrySet().stream()
        .filter(entry -> Verdict.of(entry.getValue()) == verdict)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether there were tests and all of them ran and passed. */
  boolean allPassed() {
    return !resultsByTest.isEmpty() && testsThat(PASSED).size() == resultsByTest.size();
  }

  /** Prints the tests that did not pass, and last how many did, did not, and did not run. */
  void print() {
    List<String> failed = testsThat(FAILED);
    List<String> notRun = testsThat(NOT_RUN);
    failed.forEach(test -> System.out.println("failed: " + test));
    notRun.forEach(test -> System.out.println("not run: " + test));
    System.out.printf(
        "%d passed, %d failed, %d not run%n",
        testsThat(PASSED).size(), failed.size(), notRun.size());
  }
}
