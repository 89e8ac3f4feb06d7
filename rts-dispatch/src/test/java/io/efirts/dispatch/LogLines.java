// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** Loggers that count the lines they are given, and write none. Safe for any thread. */
public final class LogLines implements ILoggerFactory {
  private final Map<Thread, Integer> lines = new ConcurrentHashMap<>();

  /** How many lines were logged by threads other than some. */
  int countWithout(Set<Thread> others) {
    return lines.entrySet().stream()
        .filter(entry -> !others.contains(entry.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @Override
  public Logger getLogger(String name) {
    return new Counting(name, lines);
  }

  /** One logger; what it is told from DEBUG on counts. */
  private static final class Counting extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final transient Map<Thread, Integer> lines;

    Counting(String name, Map<Thread, Integer> lines) {
      this.name = name;
      this.lines = lines;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
      lines.merge(Thread.currentThread(), 1, Integer::sum);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return true;
    }

    @Override
    public boolean isDebugEnabled() {
      return true;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
