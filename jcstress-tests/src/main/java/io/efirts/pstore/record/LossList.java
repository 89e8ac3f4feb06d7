// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import io.efirts.pstore.report.RecordLoss;

/** What was reported as lost, one behind the other. */
final class LossList implements LossLog.Report {
  private final StringBuilder list = new StringBuilder();

  @Override
  public void lost(long id, RecordLoss why) {
    list.append(list.isEmpty() ? "" : " ").append(id).append(' ').append(why);
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
