import { useEffect } from 'react';
import { useWords } from '../language/use-words.ts';
import { DoorFrame } from './door-frame.tsx';
import { ownPath } from './own-path.ts';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const words = useWords();
  useEffect(() => {
    document.title = `${words('signIn.title')} · Sallyport`;
  }, [words]);
  return (
    <DoorFrame title={words('signIn.title')}>
      {/* A full load: nothing of an earlier person stays in memory. */}
      <SignInForm onDone={() => window.location.replace(ownPath(new URLSearchParams(window.location.search).get('next')))} />
    </DoorFrame>
  );
}

export default SignInPage;
