// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Which jcstress tests there are. A build compiles them and does not run them. */
final class StressTests {
  private StressTests() {}

  /**
   * Finds the classes that are annotated as a jcstress test.
   *
   * @param sources Java files
   * @return their names without packages, {@code Outer.Nested} for a nested one
   * @throws IOException if a file cannot be read
   */
  static Set<String> in(List<Path> sources) throws IOException {
    Set<String> names = new HashSet<>();
    if (sources.isEmpty()) {
      return names; // the compiler insists on at least one
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(new Finder(names), "");
      }
    }
    return names;
  }

  /** Goes down through nested classes with the name of the outer one and a dot. */
  private static final class Finder extends TreeScanner<Void, String> {
    private final Set<String> names;

    Finder(Set<String> names) {
      this.names = names;
    }

    @Override
    public Void visitClass(ClassTree declared, String outer) {
      String name = outer + declared.getSimpleName();
      for (AnnotationTree annotation : declared.getModifiers().getAnnotations()) {
        String type = annotation.getAnnotationType().toString();
        if (type.equals("JCStressTest") || type.endsWith(".JCStressTest")) {
          names.add(name);
        }
      }
      return super.visitClass(declared, name + ".");
    }
  }
}
