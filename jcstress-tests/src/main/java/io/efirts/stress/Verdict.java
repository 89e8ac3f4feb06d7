// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.util.List;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/** What became of one test, all its forks taken together. */
enum Verdict {
  /** Every fork ran and saw nothing but what is acceptable. */
  PASSED,
  /** A fork saw something forbidden, failed, hung, or did not start although others did. */
  FAILED,
  /** No fork has seen anything: there were too few processors, or none started. */
  NOT_RUN;

  static Verdict of(List<TestResult> forks) {
    boolean started = false;
    boolean allPassed = true;
    for (TestResult fork : forks) {
      boolean couldNotStart =
          fork.getTotalCount() == 0
              && (fork.status() == Status.API_MISMATCH || fork.status() == Status.VM_ERROR);
      started |= !couldNotStart;
      allPassed &= ReportUtils.statusToPassed(fork) && fork.getTotalCount() > 0;
    }
    return !started ? NOT_RUN : allPassed ? PASSED : FAILED;
  }
}
